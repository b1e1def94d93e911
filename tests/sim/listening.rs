//! Who hears whom where it is not both ways: rooms that hear the main one, supervisors, and rooms
//! in which nobody but a holder is. Both programs' machines, with ears, in virtual time.

use std::time::Duration;

use lab::{
    phones::sdp,
    sim::{Faults, World},
};
use mgc_core::northbound::{
    CallId, Confirm, Done, LegId, NewCall, Request, Role, SegId, SegPolicy, Separation,
};

const CLEAN: Faults = Faults {
    loss: 0.0,
    duplication: 0.0,
    reordering: 0.0,
    late_max: Duration::ZERO,
};
const WITHIN: Duration = Duration::from_secs(5);
const LISTEN: Duration = Duration::from_millis(500);

struct Rooms {
    world: World,
    call: CallId,
    main: SegId,
    legs: Vec<LegId>,
}

impl Rooms {
    fn of(separation: Separation) -> Self {
        let mut world = World::new(CLEAN, 1);
        assert!(world.run_until(WITHIN, |world| !world.mgc().gateways().is_empty()));
        let mut rooms = Self {
            world,
            call: CallId::from_text(""),
            main: SegId::from_text(""),
            legs: Vec::new(),
        };
        let new = NewCall {
            separation,
            confirm: Confirm::MediaServer,
            ..NewCall::default()
        };
        let Done::CallCreated { call, main_seg } = rooms.done(Request::CreateCall(new)) else {
            panic!("a Call");
        };
        (rooms.call, rooms.main) = (call, main_seg);
        rooms
    }

    fn done(&mut self, request: Request) -> Done {
        let operation = self.world.request(request).expect("it is taken");
        let ended = |world: &World| world.completion(&operation).is_some();
        assert!(self.world.run_until(WITHIN, ended));
        let end = self.world.completion(&operation).expect("it has ended");
        end.result.clone().expect("it is done")
    }

    fn join(&mut self, seg: &SegId, role: Role) {
        let party = self.world.add_party();
        let done = self.done(Request::AddLeg {
            call: self.call.clone(),
            seg: Some(seg.clone()),
            sdp: self.world.party(party).offer(),
            role,
            host: false,
        });
        let Done::LegAdded { leg, sdp, .. } = done else {
            panic!("a Leg");
        };
        let answer = sdp::answer(&sdp).expect("an answer");
        self.world.connect(party, answer.rtp);
        self.legs.push(leg);
    }

    fn create_seg(&mut self, policy: SegPolicy) -> SegId {
        let done = self.done(Request::CreateSeg {
            call: self.call.clone(),
            name: None,
            policy,
            by: None,
        });
        let Done::SegCreated { seg } = done else {
            panic!("a Seg");
        };
        seg
    }

    fn attach(&mut self, leg: usize, seg: &SegId) {
        self.done(Request::AttachMedia {
            call: self.call.clone(),
            leg: self.legs[leg].clone(),
            seg: seg.clone(),
            strategy: None,
            by: None,
            consent: None,
        });
    }

    /// For each Leg the numbers of those that it hears.
    fn heard(&mut self) -> Vec<Vec<usize>> {
        self.world.run_for(LISTEN);
        let now = self.world.now();
        let of = |listener| {
            let heard = self.world.party(listener).hears(now);
            let all = heard.iter().enumerate();
            let heard = all.filter(|(_, hears)| **hears).map(|(talker, _)| talker);
            heard.collect()
        };
        (0..self.legs.len()).map(of).collect()
    }

    /// The main one for two Legs, and a room for others.
    fn two_in_main(&mut self) -> SegId {
        let main = self.main.clone();
        self.join(&main, Role::Member);
        self.join(&main, Role::Member);
        main
    }
}

#[test]
fn a_room_that_listens_hears_the_main_one_and_is_not_heard_there() {
    let mut rooms = Rooms::of(Separation::Topology);
    let main = rooms.two_in_main();
    let listening = rooms.create_seg(SegPolicy {
        listen_main: true,
        confirm: Confirm::MediaServer,
        ..SegPolicy::default()
    });
    let apart = rooms.create_seg(SegPolicy::default());
    for _ in 0..3 {
        rooms.join(&main, Role::Member);
    }
    rooms.attach(2, &listening);
    rooms.attach(3, &listening);
    rooms.attach(4, &apart);
    let nobody: [usize; 0] = [];
    assert_eq!(
        rooms.heard(),
        [&[1][..], &[0], &[0, 1, 3], &[0, 1, 2], &nobody]
    );
    // Who comes later is heard as well, and who goes back hears as all others.
    rooms.join(&main, Role::Member);
    rooms.attach(3, &main);
    assert_eq!(
        rooms.heard(),
        [
            &[1, 3, 5][..],
            &[0, 3, 5],
            &[0, 1, 3, 5],
            &[0, 1, 5],
            &nobody,
            &[0, 1, 3]
        ]
    );
}

#[test]
fn a_supervisor_hears_each_room_that_it_is_moved_to_and_nobody_hears_it() {
    for separation in [Separation::Contexts, Separation::Topology] {
        let mut rooms = Rooms::of(separation);
        let main = rooms.two_in_main();
        let aside = rooms.create_seg(SegPolicy::default());
        rooms.join(&aside, Role::Member);
        rooms.join(&aside, Role::Member);
        rooms.join(&main, Role::Supervisor);
        assert_eq!(rooms.heard(), [&[1][..], &[0], &[3], &[2], &[0, 1]]);
        rooms.attach(4, &aside);
        assert_eq!(rooms.heard(), [&[1][..], &[0], &[3], &[2], &[2, 3]]);
    }
}

#[test]
fn a_holder_is_heard_by_nobody_and_its_room_is_there_again_for_who_comes_back() {
    for separation in [Separation::Contexts, Separation::Topology] {
        let mut rooms = Rooms::of(separation);
        let main = rooms.two_in_main();
        let room = rooms.create_seg(SegPolicy {
            confirm: Confirm::MediaServer,
            ..SegPolicy::default()
        });
        let context = |rooms: &Rooms| {
            let seg = rooms.world.mgc().seg(&rooms.call, &room);
            seg.expect("the Seg").context.expect("a Context")
        };
        let before = context(&rooms);
        rooms.attach(0, &room);
        let nobody: [usize; 0] = [];
        assert_eq!(rooms.heard(), [nobody, nobody]);
        rooms.attach(0, &main);
        assert_eq!(rooms.heard(), [[1], [0]]);
        rooms.attach(0, &room);
        rooms.attach(1, &room);
        assert_eq!(context(&rooms), before);
        assert_eq!(rooms.heard(), [[1], [0]]);
    }
}
