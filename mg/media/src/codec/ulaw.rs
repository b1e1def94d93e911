//! µ-law (ITU-T G.711): 8 bits a sample, on a 14-bit scale.

/// The sample, 16 bits wide, that each octet stands for.
pub(super) static DECODED: [i16; 256] = decoded();

/// The octet for each 14-bit sample, by its two's complement pattern.
static ENCODED: [u8; 1 << 14] = encoded();

/// What the segments are shifted by, so that each begins at a power of two.
const BIAS: u16 = 33;
/// The greatest biased magnitude.
const MAGNITUDE_MAX: u16 = 0x1fff;

/// Returns the octet for a 16-bit sample.
pub(super) fn encode(sample: i16) -> u8 {
    ENCODED[usize::from(sample.cast_unsigned() >> 2)]
}

const fn decoded() -> [i16; 256] {
    let mut table = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        // Octets travel inverted (G.711 table 2a, note 1).
        let code = !(octet as u8);
        let segment = (code >> 4) & 7;
        let step = (code & 0xf) as u16;
        let magnitude = (((step << 1) + BIAS) << segment) - BIAS;
        let wide = (magnitude << 2).cast_signed();
        table[octet] = if code & 0x80 == 0 { wide } else { -wide };
        octet += 1;
    }
    table
}

const fn encoded() -> [u8; 1 << 14] {
    let mut table = [0; 1 << 14];
    let mut pattern = 0;
    while pattern < 1 << 14 {
        let negative = pattern >= 1 << 13;
        // One's complement makes both halves of the scale alike.
        let plain = if negative {
            (1 << 14) - 1 - pattern
        } else {
            pattern
        };
        let biased = plain as u16 + BIAS;
        let magnitude = if biased > MAGNITUDE_MAX {
            MAGNITUDE_MAX
        } else {
            biased
        };
        let segment = magnitude.ilog2() as u8 - 5;
        let step = (magnitude >> (segment + 1)) as u8 & 0xf;
        let sign = if negative { 0x80 } else { 0 };
        table[pattern] = !(sign | segment << 4 | step);
        pattern += 1;
    }
    table
}
