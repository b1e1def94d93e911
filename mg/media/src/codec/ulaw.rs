//! µ-law (ITU-T G.711): 8 bits a sample, on a 14-bit scale.

/// The sample, 16 bits wide, that each octet stands for.
pub(super) static DECODED: [i16; 256] = decoded();

/// What the segments are shifted by, so that each begins at a power of two.
const BIAS: u16 = 33;
/// The greatest biased magnitude.
const MAGNITUDE_MAX: u16 = 0x1fff;
/// The least one as a floating-point number, as far as it says segment and step: exponent, and 4 bits
/// of mantissa.
const FIRST: u32 = (BIAS as f32).to_bits() >> BELOW;
/// Bits of the mantissa below the step.
const BELOW: u32 = 19;

/// Returns the octet for a 16-bit sample. Segment and step are exponent and mantissa, so that a
/// processor finds many at once, and no table has to be near. Nothing can wrap; to look whether it
/// does would have each be found by itself.
pub(super) fn encode(sample: i16) -> u8 {
    let sign = sample >> 15;
    // On the 14-bit scale; one's complement makes both halves of it alike.
    let plain = ((sample ^ sign) >> 2).cast_unsigned();
    let biased = plain.wrapping_add(BIAS).min(MAGNITUDE_MAX);
    let code = (f32::from(biased).to_bits() >> BELOW).wrapping_sub(FIRST);
    !(sign as u8 & 0x80 | code as u8)
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
