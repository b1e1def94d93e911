//! The catalogue is part of the program: where it changes, the program does.

fn main() {
    println!("cargo::rerun-if-changed=conformance");
}
