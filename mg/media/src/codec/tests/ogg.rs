//! Opus in Ogg (RFC 3533, RFC 7845), as much of it as another program must be told to take ours.

/// Samples at 48 kHz of a packet of 20 ms.
const PACKET: u64 = 960;

/// Puts packets of 20 ms on pages, one on each.
pub(super) fn wrapped(packets: &[Vec<u8>]) -> Vec<u8> {
    // Version 1, one channel, nothing to skip, 48 kHz, no gain, channels in their usual order.
    let head = [&b"OpusHead"[..], &[1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]].concat();
    // No vendor, no comments.
    let tags = [&b"OpusTags"[..], &[0; 8]].concat();
    let mut pages = vec![page(2, 0, 0, &head), page(0, 0, 1, &tags)];
    for (number, packet) in (0_u32..).zip(packets) {
        let last = number as usize + 1 == packets.len();
        let position = (u64::from(number) + 1) * PACKET;
        pages.push(page(if last { 4 } else { 0 }, position, number + 2, packet));
    }
    pages.concat()
}

fn page(kind: u8, position: u64, number: u32, packet: &[u8]) -> Vec<u8> {
    let mut lengths = vec![255; packet.len() / 255];
    lengths.push((packet.len() % 255) as u8);
    let mut page = [
        &b"OggS"[..],
        &[0, kind],
        &position.to_le_bytes(),
        &[7, 0, 0, 0],
    ]
    .concat();
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    page.push(lengths.len() as u8);
    page.extend(lengths);
    page.extend(packet);
    let sum = check_sum(&page).to_le_bytes();
    page[22..26].copy_from_slice(&sum);
    page
}

fn check_sum(octets: &[u8]) -> u32 {
    let shifted = |sum: u32| (sum << 1) ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 };
    octets.iter().fold(0, |sum: u32, &octet| {
        (0..8).fold(sum ^ u32::from(octet) << 24, |sum, _| shifted(sum))
    })
}
