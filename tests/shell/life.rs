//! Associations that are handed over and left, between the programs (H.248.1 7.2.8, 11.5). Failover
//! and Disconnected are in `carriers`, and by UDP in the suite `association`.

use std::time::Duration;

use h248_tests::program::{Program, port};
use lab::api::{Api, LegAdded};
use tokio::{runtime::Runtime, time::sleep};

use super::alone;

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                     m=audio 40000 RTP/AVP 0\r\n";

/// A controller, where it is spoken to, and its API.
struct Controller {
    _program: Program,
    place: String,
    api: Api,
}

impl Controller {
    fn start() -> Self {
        let places = ["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
        let mut program = Program::start("mgc", &places);
        let place = program.wait("mgc: h248 ");
        let api = Api::new(&program.wait("mgc: http ")).unwrap();
        Self {
            _program: program,
            place,
            api,
        }
    }

    fn name(&self) -> String {
        format!("[127.0.0.1]:{}", port(&self.place))
    }

    /// Waits until the gateways stand so.
    async fn until(&self, states: &[&str]) {
        for _ in 0..200 {
            let gateways = self.api.gateways().await.unwrap();
            let told: Vec<_> = gateways.iter().map(|one| one.state.as_str()).collect();
            if told == states {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("the gateways never stand as {states:?}");
    }

    /// A Call with a leg.
    async fn joined(&self) -> (String, LegAdded) {
        let call = self.api.create_call().await.unwrap().id;
        let leg = self.api.add_leg(&call, None, OFFER).await.unwrap();
        (call, leg)
    }
}

fn gateway(mgc: &str, more: &[&str]) -> Program {
    let places = ["--mgc", mgc, "--h248", "127.0.0.1:0", "--mwd", "0"];
    Program::start("mg", &[&places[..], more].concat())
}

#[test]
fn a_gateway_is_handed_to_another_controller_and_back_by_each_carrier() {
    let _alone = alone();
    for carrier in ["udp", "tcp"] {
        let (first, second) = (Controller::start(), Controller::start());
        let mut mg = gateway(&format!("{carrier}:{}", first.place), &[]);
        let name = format!("[127.0.0.1]:{}", port(&mg.wait("mg: h248 ")));
        mg.wait("mg: registered with ");
        Runtime::new().unwrap().block_on(async {
            first.until(&["registered"]).await;
            first.joined().await;
            first.api.hand_off(&name, &second.name()).await.unwrap();
            second.until(&["registered"]).await;
            first.until(&[]).await;
            second.joined().await;
            second.api.hand_off(&name, &first.name()).await.unwrap();
            first.until(&["registered"]).await;
        });
        for expected in [&second, &first] {
            let told = mg.wait("mg: registered with ");
            assert_eq!(told, format!("{} version 3", expected.name()), "{carrier}");
        }
    }
}

#[test]
fn a_gateway_that_leaves_gracefully_stays_for_its_calls_and_comes_back_afterwards() {
    let _alone = alone();
    let mgc = Controller::start();
    let mut mg = gateway(&mgc.place, &["--graceful", "60"]);
    let place = mg.wait("mg: h248 ");
    mg.wait("mg: registered with ");
    let runtime = Runtime::new().unwrap();
    let call = runtime.block_on(async {
        mgc.until(&["registered"]).await;
        mgc.joined().await.0
    });
    let leaving = std::thread::spawn(move || mg.interrupt());
    runtime.block_on(async {
        mgc.until(&["leaving"]).await;
        let refused = mgc.api.add_leg(&call, None, OFFER).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("no gateway"), "{refused}");
        let legs = mgc.api.legs(&call).await.unwrap();
        assert!(legs.len() == 1 && !leaving.is_finished());
        mgc.api.delete_call(&call).await.unwrap();
        mgc.until(&[]).await;
    });
    leaving.join().unwrap();
    let places = ["--mgc", &mgc.place, "--h248", &place, "--mwd", "0"];
    let mut mg = Program::start("mg", &places);
    mg.wait("mg: registered with ");
    runtime.block_on(async {
        mgc.until(&["registered"]).await;
        mgc.joined().await;
    });
}
