//! A-law (ITU-T G.711): 8 bits a sample, on a 13-bit scale.

/// The sample, 16 bits wide, that each octet stands for.
pub(super) static DECODED: [i16; 256] = decoded();

/// The octet for each 12-bit sample, by its two's complement pattern.
static ENCODED: [u8; 1 << 12] = encoded();

/// Even bits travel inverted (G.711 table 1a, note 2).
const INVERTED: u8 = 0x55;

/// Returns the octet for a 16-bit sample.
pub(super) fn encode(sample: i16) -> u8 {
    ENCODED[usize::from(sample.cast_unsigned() >> 4)]
}

const fn decoded() -> [i16; 256] {
    let mut table = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        let code = octet as u8 ^ INVERTED;
        let segment = (code >> 4) & 7;
        let step = (code & 0xf) as u16;
        // The middle of the interval; the lowest two segments have the same slope.
        let magnitude = if segment == 0 {
            (step << 1) + 1
        } else {
            ((step << 1) + 33) << (segment - 1)
        };
        let wide = (magnitude << 3).cast_signed();
        table[octet] = if code & 0x80 == 0 { -wide } else { wide };
        octet += 1;
    }
    table
}

const fn encoded() -> [u8; 1 << 12] {
    let mut table = [0; 1 << 12];
    let mut pattern = 0;
    while pattern < 1 << 12 {
        let negative = pattern >= 1 << 11;
        // One's complement makes both halves of the scale alike.
        let magnitude = if negative {
            (1 << 12) - 1 - pattern
        } else {
            pattern
        } as u16;
        let (segment, step) = if magnitude < 16 {
            (0, magnitude as u8)
        } else {
            let segment = magnitude.ilog2() as u8 - 3;
            (segment, (magnitude >> (segment - 1)) as u8 & 0xf)
        };
        let sign = if negative { 0 } else { 0x80 };
        table[pattern] = (sign | segment << 4 | step) ^ INVERTED;
        pattern += 1;
    }
    table
}
