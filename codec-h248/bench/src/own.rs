//! Messages by hand, of what a private chat does not say.

/// Texts of them.
pub(crate) const TEXTS: &[&str] = &[
    "MEGACO/1 <mg1.example.net>
Transaction = 9998 { Context = - { ServiceChange = ROOT { Services { Method = Restart,
 ServiceChangeAddress = 55555, Profile = ResGW/1, Reason = \"901 Cold Boot\" } } } }",
    "MEGACO/3 [192.0.2.1]:2944
Transaction = 2001 { Context = - { Modify = line/1 {
 Media { TerminationState { Buffer = OFF },
  Stream = 1 { LocalControl { Mode = SendReceive, nt/jit = 40 } } },
 Events = 2222 { al/of { strict = state }, dd/ce { DigitMap = dialplan1 } },
 Signals { cg/dt },
 DigitMap = dialplan1 { (0 | 00 | [1-7]xxx | 8xxxxxxx | Fxxxxxxx | Exx | 91xxxxxxxxxx) } } } }",
    "MEGACO/3 [192.0.2.2]:2944
Transaction = 5001 { Context = - { Notify = line/1 { ObservedEvents = 2222 {
 20261125T12340000:dd/ce { ds = \"916135551212\", Meth = UM } } } } }",
    "MEGACO/3 [192.0.2.1]:2944
Transaction = 4001 { Context = 7 { Topology { rtp/1, rtp/2, Oneway, rtp/3, rtp/1, Isolate },
 Subtract = rtp/3 { Audit { Statistics } } } }",
    "MEGACO/3 [192.0.2.2]:2944
Reply = 4001 { Context = 7 { Subtract = rtp/3 { Statistics { rtp/ps = 1234, nt/os = 56789,
 rtp/pr = 987, nt/or = 65432, rtp/pl = 10, rtp/jit = 30, rtp/delay = 30 } } } }",
    "MEGACO/3 [192.0.2.2]:2944
Reply = 4002 { Context = 7 { Error = 430 { \"Unknown TerminationID\" } } }",
];

#[cfg(test)]
mod tests {
    use codec_h248::{Limits, decode};

    #[test]
    fn every_text_decodes() {
        for text in super::TEXTS {
            let message = decode(text.as_bytes(), &Limits::default());
            assert!(message.is_ok(), "{text}: {message:?}");
        }
    }
}
