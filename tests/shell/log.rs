//! A log that nobody can write or read holds up nothing.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader},
    net::{SocketAddr, UdpSocket},
    process::{Child, Command, Stdio},
    time::Duration,
};

use h248_tests::programs;

const REGISTRATION: &str = "MEGACO/1 [127.0.0.1]:9 Transaction=1{Context=-{ServiceChange=ROOT{\
     Services{Method=Restart,Reason=\"901 Cold Boot\",Version=3}}}}";

fn start(stderr: Stdio) -> (Child, SocketAddr) {
    let mut mgc = Command::new(programs().join("mgc"))
        .args([
            "--h248",
            "127.0.0.1:0",
            "--http",
            "127.0.0.1:0",
            "--log",
            "trace",
        ])
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .unwrap();
    let told = BufReader::new(mgc.stdout.take().unwrap());
    let mut lines = told.lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.strip_prefix("mgc: h248 ")?.parse().ok());
    // It is the last that is told.
    assert!(lines.any(|line| line.starts_with("mgc: http ")));
    (mgc, address.unwrap())
}

/// Registers again and again; every time it must be answered.
fn answers(to: SocketAddr, times: u32) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(2)))
        .unwrap();
    for id in 1..=times {
        let request = REGISTRATION.replace("=1{", &format!("={id}{{"));
        socket.send_to(request.as_bytes(), to).unwrap();
        let reply = format!("Reply = {id} ");
        let mut buffer = [0; 4_096];
        loop {
            let length = socket.recv(&mut buffer).expect("mgc answers");
            if String::from_utf8_lossy(&buffer[..length]).contains(&reply) {
                break;
            }
        }
    }
}

fn ends_cleanly(mut mgc: Child) {
    let pid = mgc.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    for _ in 0..200 {
        if let Some(status) = mgc.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    mgc.kill().unwrap();
    panic!("mgc was still there 10 s after SIGINT");
}

#[test]
fn a_log_on_a_full_disk_ends_no_program() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (mgc, address) = start(full.into());
    answers(address, 20);
    ends_cleanly(mgc);
}

#[test]
fn a_log_that_nobody_reads_holds_no_program_up() {
    let (mgc, address) = start(Stdio::piped());
    // More than the pipe and the queue before it hold; stdout is closed, too.
    answers(address, 12_000);
    ends_cleanly(mgc);
}
