//! A network namespace of its own for the controller, with one cable for H.248 and one for HTTP, so
//! that the path to the gateway can be cut where the kernel carries it.

use std::{
    io,
    net::{IpAddr, Ipv4Addr},
    process::Output,
};

use tokio::process::Command;

/// Cables of one test are a /24 of the addresses for tests between networks (RFC 2544).
const NETWORK: [u8; 2] = [198, 18];

/// The namespace. Dropping it takes it and its cables away.
#[derive(Debug)]
pub(super) struct Netns {
    name: String,
    /// The gateway's end of the cable for H.248.
    pub(super) outside: IpAddr,
    /// The controller's end of the cable for H.248.
    pub(super) h248: IpAddr,
    /// The controller's end of the cable for HTTP.
    pub(super) http: IpAddr,
}

impl Netns {
    /// Makes it; that needs CAP_NET_ADMIN and the program `ip`.
    pub(super) async fn make() -> io::Result<Self> {
        let id = std::process::id();
        let [.., third] = id.to_be_bytes();
        let address = |host: u8| IpAddr::V4(Ipv4Addr::new(NETWORK[0], NETWORK[1], third, host));
        let netns = Self {
            name: format!("h248-{id}"),
            outside: address(1),
            h248: address(2),
            http: address(6),
        };
        ip(&["netns", "add", &netns.name]).await?;
        netns.lay_cable("c", address(1), address(2)).await?;
        netns.lay_cable("a", address(5), address(6)).await?;
        Ok(netns)
    }

    /// A cable whose ends are of a /30.
    async fn lay_cable(&self, kind: &str, outside: IpAddr, inside: IpAddr) -> io::Result<()> {
        let id = std::process::id();
        let (out, within) = (format!("h{kind}o{id}"), format!("h{kind}i{id}"));
        let name = self.name.as_str();
        let peer = ["peer", "name", &within, "netns", name];
        ip(&[&["link", "add", &out, "type", "veth"], &peer[..]].concat()).await?;
        ip(&["address", "add", &format!("{outside}/30"), "dev", &out]).await?;
        ip(&["link", "set", &out, "up"]).await?;
        let inside = format!("{inside}/30");
        ip(&["-n", name, "address", "add", &inside, "dev", &within]).await?;
        ip(&["-n", name, "link", "set", &within, "up"]).await
    }

    /// The words that start a program in it.
    pub(super) fn within(&self) -> [&str; 4] {
        ["ip", "netns", "exec", &self.name]
    }

    /// Cuts the cable for H.248 at the controller's end, or mends it: the controller is told by its
    /// system that there is no way, the gateway is told nothing.
    pub(super) async fn cut(&self, cut: bool) -> io::Result<()> {
        let cable = format!("hci{}", std::process::id());
        let state = if cut { "down" } else { "up" };
        ip(&["-n", &self.name, "link", "set", &cable, state]).await
    }
}

impl Drop for Netns {
    fn drop(&mut self) {
        let delete = ["netns", "delete", &self.name];
        // There is nobody left to tell.
        let _ = std::process::Command::new("ip").args(delete).output();
    }
}

async fn ip(arguments: &[&str]) -> io::Result<()> {
    let said = |why: &dyn std::fmt::Display| {
        let command = arguments.join(" ");
        io::Error::other(format!("ip {command}: {why}"))
    };
    let output = Command::new("ip").args(arguments).output().await;
    let Output { status, stderr, .. } = output.map_err(|error| said(&error))?;
    match status.success() {
        true => Ok(()),
        false => Err(said(&String::from_utf8_lossy(&stderr).trim())),
    }
}
