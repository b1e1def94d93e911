//! How the gateway writes, and what it takes under an older version: a controller made by hand speaks with
//! the program by UDP.

use std::{
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

use h248_tests::program::Program;

use super::alone;

/// A controller with one gateway.
struct Desk {
    socket: UdpSocket,
    gateway: SocketAddr,
    mg: Program,
}

impl Desk {
    /// Accepts a gateway in version 3, and gives its registration.
    fn with(more: &[&str]) -> (Self, String) {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let here = socket.local_addr().unwrap().to_string();
        let places = ["--mgc", &here, "--h248", "127.0.0.1:0", "--mwd", "0"];
        let mut mg = Program::start("mg", &[&places[..], more].concat());
        let gateway = mg.wait("mg: h248 ").parse().unwrap();
        let mut desk = Self {
            socket,
            gateway,
            mg,
        };
        let registration = desk.receive();
        let id: String = {
            let behind = registration.split_once('=').expect("a transaction").1;
            let digits = behind.trim_start().chars();
            digits.take_while(char::is_ascii_digit).collect()
        };
        let accepted = "Context=-{ServiceChange=ROOT{Services{Version=3}}}";
        desk.send(1, &format!("Reply={id}{{{accepted}}}"));
        desk.mg.wait("mg: registered with ");
        (desk, registration)
    }

    fn send(&self, version: u8, body: &str) {
        let port = self.socket.local_addr().unwrap().port();
        let message = format!("MEGACO/{version} [127.0.0.1]:{port} {body}");
        self.socket
            .send_to(message.as_bytes(), self.gateway)
            .unwrap();
    }

    fn receive(&self) -> String {
        let mut buffer = [0; 4_096];
        let length = self.socket.recv(&mut buffer).expect("it says something");
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    }

    /// The reply to a transaction.
    fn ask(&self, version: u8, id: u32, actions: &str) -> String {
        self.send(version, &format!("Transaction={id}{{{actions}}}"));
        loop {
            let message = self.receive();
            if message.contains(&id.to_string()) {
                return message;
            }
        }
    }
}

#[test]
fn a_gateway_writes_pretty_or_compact_text() {
    let _alone = alone();
    let (desk, registration) = Desk::with(&[]);
    assert!(registration.starts_with("MEGACO/1 "), "{registration}");
    let reply = desk.ask(3, 70_001, "Context=-{AuditValue=ROOT{Audit{}}}");
    assert!(reply.contains("Context = -"), "{reply}");
    let (desk, registration) = Desk::with(&["--compact"]);
    assert!(registration.starts_with("!/1 "), "{registration}");
    let reply = desk.ask(3, 70_002, "Context=-{AuditValue=ROOT{Audit{}}}");
    assert!(reply.ends_with("P=70002{C=-{AV=ROOT}}"), "{reply}");
}

#[test]
fn a_strict_gateway_refuses_a_list_of_terminations_before_version_3() {
    let _alone = alone();
    for (more, refused) in [
        (&["--compact", "--strict"][..], true),
        (&["--compact"], false),
    ] {
        let (desk, _) = Desk::with(more);
        let made = desk.ask(1, 70_003, "Context=${Add=$,Add=$}");
        assert!(made.ends_with("{C=1{A=rtp/1,A=rtp/2}}"), "{made}");
        let list = "Context=1{Modify=[rtp/1,rtp/2]}";
        let old = desk.ask(2, 70_004, list);
        assert_eq!(old.contains("ER=442"), refused, "{old}");
        let new = desk.ask(3, 70_005, list);
        assert!(new.ends_with("{C=1{MF=rtp/1,MF=rtp/2}}"), "{new}");
    }
}
