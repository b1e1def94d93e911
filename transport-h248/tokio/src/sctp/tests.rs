//! Associations against each other, in virtual time, over a network that loses and changes packets.

#![allow(clippy::disallowed_methods, reason = "a test begins at some time")]

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use fastrand::Rng;

use super::{Event, associations::Associations, packet};

const DELAY: Duration = Duration::from_millis(10);

/// Two sides and what is under way between them.
struct World {
    now: Instant,
    sides: [Associations; 2],
    under_way: VecDeque<(Instant, usize, Vec<u8>)>,
    /// What each side was told.
    told: [Vec<String>; 2],
    messages: [Vec<Bytes>; 2],
    /// Of a hundred packets so many are lost.
    lost: u64,
    chance: Rng,
}

fn address(side: usize) -> SocketAddr {
    format!("127.0.0.1:{}", 9_899 + side).parse().unwrap()
}

impl World {
    fn new(lost: u64) -> Self {
        let now = Instant::now();
        Self {
            now,
            sides: [Associations::new(now), Associations::new(now)],
            under_way: VecDeque::new(),
            told: Default::default(),
            messages: Default::default(),
            lost,
            chance: Rng::with_seed(7),
        }
    }

    fn send(&mut self, side: usize, message: &[u8]) {
        let octets = Bytes::copy_from_slice(message);
        self.sides[side].send(address(1 - side), &octets, self.now);
        self.settle();
    }

    /// Takes what both sides want to send and to tell.
    fn settle(&mut self) {
        for side in 0..2 {
            while let Some((to, packet)) = self.sides[side].poll_packet() {
                assert_eq!(to, address(1 - side));
                if self.chance.u64(..100) >= self.lost {
                    let arrives = self.now + DELAY;
                    self.under_way.push_back((arrives, 1 - side, packet));
                }
            }
            while let Some(event) = self.sides[side].poll_event() {
                assert_eq!(event.peer(), address(1 - side));
                match event {
                    Event::Connected(_) => self.told[side].push("connected".to_owned()),
                    Event::Accepted(_) => self.told[side].push("accepted".to_owned()),
                    Event::Closed(_, why) => self.told[side].push(why.to_string()),
                    Event::Message { octets, .. } => self.messages[side].push(octets),
                }
            }
        }
    }

    /// Lets time pass.
    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            let arrival = self.under_way.front().map(|(at, ..)| *at);
            let due = self.sides.iter().filter_map(Associations::poll_timeout);
            let Some(next) = due.chain(arrival).min().filter(|next| *next <= end) else {
                break;
            };
            self.now = next.max(self.now);
            while let Some((_, side, packet)) =
                self.under_way.pop_front_if(|(at, ..)| *at <= self.now)
            {
                self.sides[side].handle_packet(address(1 - side), &packet, self.now);
            }
            for side in &mut self.sides {
                side.handle_timeout(self.now);
            }
            self.settle();
        }
        self.now = end;
    }
}

fn message(number: u32, length: usize) -> Vec<u8> {
    let mut message = format!("!/3 [127.0.0.1]:2944 T={number}{{C=-{{AV=ROOT{{}}}}}}").into_bytes();
    message.resize(length.max(message.len()), b' ');
    message
}

#[test]
fn every_message_arrives_once_though_a_tenth_of_all_packets_is_lost() {
    let mut world = World::new(10);
    let length = |number: u32| {
        if number.is_multiple_of(50) {
            65_531
        } else {
            200
        }
    };
    for number in 1..=500 {
        world.send(0, &message(number, length(number)));
        if world.told[1].contains(&"accepted".to_owned()) {
            world.send(1, &message(number, 300));
        }
        world.run(DELAY);
    }
    world.run(Duration::from_secs(60));
    assert_eq!(world.told, [vec!["connected"], vec!["accepted"]]);
    let mut arrived: Vec<Bytes> = std::mem::take(&mut world.messages[1]);
    let mut sent: Vec<_> = (1..=500).map(|n| message(n, length(n))).collect();
    arrived.sort();
    sent.sort();
    assert!(arrived == sent, "{} of {}", arrived.len(), sent.len());
    assert!(world.messages[0].len() > 400);
}

#[test]
fn one_message_that_is_lost_does_not_hold_up_another_transaction() {
    let mut world = World::new(0);
    world.send(0, &message(1, 0));
    world.run(DELAY * 10);
    world.lost = 100;
    world.send(0, &message(2, 0));
    world.lost = 0;
    world.send(0, &message(3, 0));
    world.run(DELAY * 2);
    assert_eq!(world.messages[1], [message(1, 0), message(3, 0)]);
    world.run(Duration::from_secs(2));
    assert_eq!(world.messages[1].len(), 3);
}

#[test]
fn both_sides_may_begin_at_once() {
    let mut world = World::new(0);
    world.send(0, &message(1, 0));
    world.send(1, &message(2, 0));
    world.run(Duration::from_secs(2));
    assert_eq!(world.messages, [vec![message(2, 0)], vec![message(1, 0)]]);
}

#[test]
fn the_loss_of_a_peer_is_told_though_nothing_is_sent() {
    let mut world = World::new(0);
    world.send(0, &message(1, 0));
    world.run(DELAY * 10);
    world.lost = 100;
    world.run(Duration::from_secs(35));
    for told in &world.told {
        assert!(told[1].contains("TooManyRetries"), "{told:?}");
    }
}

#[test]
fn what_is_sent_to_nobody_is_told_within_eight_seconds() {
    let mut world = World::new(100);
    world.send(0, &message(1, 0));
    world.run(Duration::from_secs(8));
    assert_eq!(world.told[0], ["TooManyRetries: No INIT_ACK received"]);
    assert_eq!(world.sides[0].poll_timeout(), None);
}

#[test]
fn a_peer_that_has_lost_its_associations_says_so_and_one_that_begins_anew_is_met() {
    let mut world = World::new(0);
    world.send(0, &message(1, 0));
    world.run(DELAY * 10);
    world.sides[1] = Associations::new(world.now);
    world.send(0, &message(2, 0));
    world.run(DELAY * 10);
    assert!(
        world.told[0][1].starts_with("PeerReported"),
        "{:?}",
        world.told[0]
    );
    world.send(0, &message(3, 0));
    world.run(DELAY * 10);
    assert_eq!(world.messages[1].last().unwrap(), &message(3, 0));
    world.sides[0] = Associations::new(world.now);
    world.send(0, &message(4, 0));
    world.run(DELAY * 10);
    let told = &world.told[1];
    assert_eq!(
        told[told.len() - 2..],
        ["the peer has begun it anew", "accepted"]
    );
    assert_eq!(world.messages[1].last().unwrap(), &message(4, 0));
}

#[test]
fn an_end_is_told_to_both() {
    let mut world = World::new(0);
    world.send(0, &message(1, 0));
    world.run(DELAY * 10);
    world.sides[0].close_all(world.now);
    world.settle();
    world.run(DELAY * 10);
    assert_eq!(world.told[0], ["connected", "it was closed"]);
    assert!(
        world.told[1][1].starts_with("PeerReported"),
        "{:?}",
        world.told
    );
}

#[test]
fn a_peer_waits_while_what_it_has_sent_is_not_served() {
    let mut world = World::new(0);
    world.send(0, &message(1, 0));
    world.run(DELAY * 10);
    for number in 2..200 {
        let octets = message(number, 10_000).into();
        world.sides[0].send(address(1), &octets, world.now);
    }
    let (mut held, mut most, mut served) = (Vec::new(), 0, 0);
    for _ in 0..4_000 {
        let mut rests = true;
        for side in 0..2 {
            while let Some((_, packet)) = world.sides[side].poll_packet() {
                world.sides[1 - side].handle_packet(address(side), &packet, world.now);
                rests = false;
            }
        }
        while let Some(event) = world.sides[1].poll_event() {
            assert!(matches!(event, Event::Message { .. }), "{event:?}");
            held.push(event);
        }
        most = most.max(held.len());
        if rests {
            served += held.len();
            held.clear();
            world.sides[1].resume(world.now);
        }
        world.now += DELAY;
        let now = world.now;
        let sides = world.sides.iter_mut();
        sides.for_each(|side| side.handle_timeout(now));
    }
    // As many as find room, the last of them with an octet of it.
    assert_eq!((most, served), (7, 198));
}

#[test]
fn only_who_has_received_the_cookie_makes_us_hold_anything() {
    let mut world = World::new(0);
    world.send(0, &message(1, 0));
    let (_, _, init) = world.under_way.pop_front().unwrap();
    let now = world.now;
    for port in 1..10_000 {
        let from = SocketAddr::from(([127, 0, 0, 2], port));
        world.sides[1].handle_packet(from, &init, now);
        while world.sides[1].poll_packet().is_some() {}
    }
    assert_eq!(world.sides[1].poll_timeout(), None);
    // A cookie that comes from elsewhere, or that was forgotten since, makes nothing.
    world.sides[1].handle_packet(address(0), &init, now);
    world.settle();
    world.run(DELAY);
    let (_, _, echo) = world.under_way.pop_front().unwrap();
    let before = world.sides[1].counts().strange;
    world.sides[1].handle_packet(SocketAddr::from(([127, 0, 0, 2], 7)), &echo, world.now);
    assert_eq!(world.sides[1].counts().strange, before + 1);
    assert_eq!(world.sides[1].poll_timeout(), None);
    world.sides[1].handle_packet(address(0), &echo, world.now);
    assert!(world.sides[1].poll_timeout().is_some());
}

/// Changes some octets, and mostly makes the check value right again, so that the change is looked at.
fn changed(packet: &[u8], chance: &mut Rng) -> Vec<u8> {
    let mut changed = packet.to_vec();
    let places = changed.len();
    for _ in 0..=chance.u8(..4) {
        // The tag stays, or nothing behind it would be looked at.
        let place = match chance.usize(..places) {
            4..8 => 12,
            place => place,
        };
        changed[place] = [0, 1, 255, chance.u8(..)][chance.usize(..4)];
    }
    if chance.u8(..8) == 0 {
        changed.truncate(chance.usize(..places) / 4 * 4);
    }
    if changed.len() < 12 || chance.u8(..16) == 0 {
        return changed;
    }
    packet::recheck(changed)
}

#[test]
fn changed_packets_are_counted_and_end_nothing_but_their_association() {
    let mut chance = Rng::with_seed(11);
    let mut faults = 0;
    for round in 0..400 {
        let mut world = World::new(0);
        world.chance = Rng::with_seed(round);
        world.send(0, &message(1, 3_000));
        for number in 2..8 {
            let hostile = world
                .under_way
                .iter()
                .map(|(_, side, packet)| (*side, packet));
            let hostile: Vec<_> = hostile
                .map(|(side, packet)| (side, changed(packet, &mut chance)))
                .collect();
            for (side, packet) in hostile {
                let now = world.now;
                world.sides[side].handle_packet(address(1 - side), &packet, now);
            }
            world.settle();
            world.run(DELAY);
            world.send(0, &message(number, 1_500));
            world.send(1, &message(number, 500));
        }
        world.run(Duration::from_secs(120));
        faults += world
            .sides
            .iter()
            .map(|side| side.counts().faults)
            .sum::<u64>();
        // Whatever was done to them, both can speak again.
        for side in 0..2 {
            let now = world.now;
            world.sides[side].close_all(now);
        }
        world.settle();
        world.run(Duration::from_secs(10));
        world.messages = Default::default();
        world.send(0, &message(99, 0));
        world.run(Duration::from_secs(10));
        assert_eq!(world.messages[1], [message(99, 0)], "{round}");
    }
    println!("{faults} faults of the library");
}
