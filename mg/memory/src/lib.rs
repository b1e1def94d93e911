//! Memory in large pages (2 MiB) for what a thread allocates.
//!
//! A tick comes to several pages of 4 KiB for each leg, more than a processor remembers the places of, and in a virtual
//! machine to find one takes longer than to mix what is in it. The kernel gives large pages where it is asked for them
//! (`madvise`), which no library does without `unsafe`: this crate is the one place that has it.

use std::{hint::black_box, io, mem};

use rustix::mm::{Advice, madvise};

/// Octets that are asked for: those of some 3,000 legs. The C library takes no more than 32 MiB out of its heap at a time.
const ROOM: usize = 30 << 20;
/// Octets of a large page.
const LARGE: usize = 2 << 20;
/// Octets of a page as it is without that.
const PAGE: usize = 4_096;
/// What the C library may need beside a vector.
const HEAD: usize = 64;

/// Asks for large pages for what this thread will allocate. To be called before it does: its heap is made to grow once, in
/// one piece, and what is asked for stays asked for when that piece is free again. Nothing is used of it yet, so the process
/// is hardly larger than before.
///
/// Where the C library keeps no heap for each thread nothing comes of it.
///
/// # Errors
///
/// Fails where the kernel knows no large pages, and where the process may not have so much memory; then it is as if nothing had
/// been asked for.
pub fn ask_for_large_pages() -> io::Result<()> {
    // What is as large as this is no part of a heap until one such piece was given back.
    drop(piece(ROOM)?);
    let mut room = piece(ROOM - PAGE)?;
    let before = room.as_ptr().align_offset(LARGE);
    advise(&mut room)?;
    drop(room);
    // Before its first large page the heap has small ones, where nobody shall come to lie.
    mem::forget(piece(before.saturating_sub(HEAD))?);
    Ok(())
}

/// Memory that is not used.
fn piece(octets: usize) -> io::Result<Vec<u8>> {
    let mut piece = Vec::new();
    piece.try_reserve_exact(octets)?;
    Ok(black_box(piece))
}

/// Asks for large pages for the whole pages in the room of a vector.
#[expect(unsafe_code, reason = "the system call takes an address")]
fn advise(room: &mut Vec<u8>) -> io::Result<()> {
    let spare = room.spare_capacity_mut();
    let begin = spare.as_ptr().align_offset(PAGE).min(spare.len());
    let pages = (spare.len() - begin) / PAGE;
    let whole = &mut spare[begin..begin + pages * PAGE];
    // SAFETY: the range is memory that `whole` borrows alone, and the advice changes neither what it holds nor where it is.
    unsafe {
        madvise(
            whole.as_mut_ptr().cast(),
            whole.len(),
            Advice::LinuxHugepage,
        )?;
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a heap is a thread's")]
mod tests {
    use std::{fs, thread};

    use super::*;

    /// The flags of the mapping that an address is in.
    fn flags(address: usize) -> String {
        let maps = fs::read_to_string("/proc/self/smaps").expect("the kernel tells of mappings");
        let mut inside = false;
        for line in maps.lines() {
            let range = line
                .split(' ')
                .next()
                .and_then(|range| range.split_once('-'));
            let ends = range.and_then(|(from, to)| {
                Some((
                    usize::from_str_radix(from, 16).ok()?,
                    usize::from_str_radix(to, 16).ok()?,
                ))
            });
            if let Some((from, to)) = ends {
                inside = (from..to).contains(&address);
            }
            if let Some(flags) = line.strip_prefix("VmFlags:").filter(|_| inside) {
                return flags.to_owned();
            }
        }
        panic!("no mapping holds {address:x}");
    }

    fn is_large(flags: &str) -> bool {
        flags.split_whitespace().any(|flag| flag == "hg")
    }

    #[test]
    fn what_a_thread_allocates_afterwards_is_where_large_pages_are_asked_for() {
        let not_asked = || is_large(&flags(vec![1_u8; 5_000].as_ptr() as usize));
        let large = thread::spawn(not_asked).join().expect("it does not panic");
        assert!(!large, "nobody asked for that");
        let asked = || {
            if let Err(error) = ask_for_large_pages() {
                println!("not tried: {error}");
                return;
            }
            let many: Vec<Vec<u8>> = (0..500).map(|_| vec![1; 5_000]).collect();
            for one in &many {
                let address = one.as_ptr() as usize;
                assert!(is_large(&flags(address)));
                let large = address / LARGE * LARGE;
                assert!(is_large(&flags(large)), "its large page is whole");
            }
        };
        thread::spawn(asked).join().expect("it does not panic");
    }
}
