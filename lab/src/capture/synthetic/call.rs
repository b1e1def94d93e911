//! What controller and gateway say to each other for one call.

use std::time::Duration;

use super::GATEWAYS;

/// A call from an analogue line to somewhere over IP.
pub(super) struct Call {
    pub(super) gateway: u32,
    number: u32,
    step: usize,
}

/// One message, in text.
pub(super) struct Said {
    pub(super) from_gateway: bool,
    pub(super) text: String,
}

/// How one thing after another is said: who, and what. `@` stands for numbers of the call: T its
/// transaction, C its Context, A its line, R its stream over IP, E its request for events, P its
/// port, D the time.
const STEPS: &[(bool, &str)] = &[
    (true, "T=@T{C=-{N=aaln/@A{OE=@E{@D:al/of{init=OFF}}}}}"),
    (false, "P=@T{C=-{N=aaln/@A}}"),
    (
        false,
        "T=@T{C=-{MF=aaln/@A{E=@E{al/on,dd/ce{DM=dmap1}},SG{cg/dt},DM=dmap1{(0|00|[1-7]xxx|8xxxxxxx|Exx|91xxxxxxxxxx|9011x.)}}}}",
    ),
    (true, "P=@T{C=-{MF=aaln/@A}}"),
    (
        true,
        "T=@T{C=-{N=aaln/@A{OE=@E{@D:dd/ce{ds=\"916135551212\",Meth=UM}}}}}",
    ),
    (false, "P=@T{C=-{N=aaln/@A}}"),
    (
        false,
        "T=@T{C=${A=aaln/@A{M{O{MO=SR,tdmc/gain=2}},E=@E{al/on},SG{}},A=${M{ST=1{O{MO=RC,nt/jit=40},L{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8 0 4\na=ptime:20\n}}}}}}",
    ),
    (
        true,
        "P=@T{C=@C{A=aaln/@A,A=rtp/@R{M{ST=1{L{v=0\no=- 2890844526 2890842807 IN IP4 10.7.0.2\ns=-\nc=IN IP4 10.7.0.2\nt=0 0\nm=audio @P RTP/AVP 8 0 4\na=rtpmap:8 PCMA/8000\na=ptime:20\n}}}}}}",
    ),
    (
        false,
        "T=@T{C=@C{MF=aaln/@A{SG{cg/rt}},MF=rtp/@R{M{ST=1{O{MO=SR},R{v=0\no=- 4711 4711 IN IP4 10.8.0.9\ns=-\nc=IN IP4 10.8.0.9\nt=0 0\nm=audio 40020 RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=ptime:20\n}}}}}}",
    ),
    (true, "P=@T{C=@C{MF=aaln/@A,MF=rtp/@R}}"),
    (false, "T=@T{C=@C{MF=aaln/@A{E=@E{al/on,al/fl},SG{}}}}"),
    (true, "P=@T{C=@C{MF=aaln/@A}}"),
    (false, "T=@T{C=-{AV=aaln/@A{AT{M,E}}}}"),
    (
        true,
        "P=@T{C=-{AV=aaln/@A{M{TS{SI=IV,BF=OFF},ST=1{O{MO=SR,RV=OFF,RG=OFF}}},E=@E{al/on,al/fl}}}}",
    ),
    (true, "T=@T{C=@C{N=aaln/@A{OE=@E{@D:al/on{init=OFF}}}}}"),
    (false, "P=@T{C=@C{N=aaln/@A}}"),
    (false, "T=@T{C=@C{S=aaln/@A{AT{}},S=rtp/@R{AT{SA}}}}"),
    (
        true,
        "P=@T{C=@C{S=aaln/@A,S=rtp/@R{SA{nt/dur=95400,nt/os=758400,nt/or=758240,rtp/ps=4740,rtp/pr=4739,rtp/pl=0.02,rtp/jit=4,rtp/delay=12}}}}",
    ),
];

impl Call {
    pub(super) fn new(number: u32) -> Self {
        let step = 0;
        // Neighbours in time are at gateways far apart.
        let gateway = number.wrapping_mul(37) % GATEWAYS;
        Self {
            gateway,
            number,
            step,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.step == STEPS.len()
    }

    /// What is said next.
    pub(super) fn next(&mut self, now: Duration) -> Said {
        let (from_gateway, words) = STEPS[self.step];
        let sender = if from_gateway {
            format!("!/1 [10.7.0.{}]:2944 ", self.gateway + 2)
        } else {
            "!/1 [10.7.0.1]:2944 ".to_owned()
        };
        let mut parts = words.split('@');
        let mut text = sender + parts.next().unwrap_or_default();
        for part in parts {
            let (letter, rest) = part.split_at(1);
            text += &self.value(letter, now);
            text += rest;
        }
        self.step += 1;
        Said { from_gateway, text }
    }

    fn value(&self, letter: &str, now: Duration) -> String {
        // Request and reply have the same number.
        let transaction = self.number * 16 + u32::try_from(self.step / 2).unwrap_or(0);
        let seconds = now.as_secs() % 86_400;
        match letter {
            "T" => transaction.to_string(),
            "C" => self.number.to_string(),
            "A" => (self.number / GATEWAYS % 240 + 1).to_string(),
            "R" => (self.number % 65_000 + 1).to_string(),
            "P" => (self.number % 20_000 * 2 + 16_384).to_string(),
            "D" => format!(
                "20261129T{:02}{:02}{:02}{:02}",
                seconds / 3_600,
                seconds / 60 % 60,
                seconds % 60,
                now.subsec_millis() / 10
            ),
            _ => (self.number % 100_000 + 1).to_string(),
        }
    }
}
