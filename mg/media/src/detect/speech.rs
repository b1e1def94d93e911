//! Speech-like noise that is hard on detectors of tones.
//!
//! A source of harmonics whose pitch wanders goes through formants that wander, too; unvoiced sounds
//! and pauses lie between. To be harder than speech, formants are sharp, so that a few harmonics
//! stand out, pitch stands still at times, and vowels are sung on notes whose harmonics are tones of
//! DTMF.

use std::f64::consts::TAU;

use crate::{
    FRAME, Narrow,
    sound::{DTMF_HIGH, DTMF_LOW},
};

/// Harmonics that are below half the sampling rate at the lowest pitch.
const HARMONICS: usize = 48;

/// A speaker.
#[derive(Debug)]
pub(crate) struct Speaker {
    rng: fastrand::Rng,
    /// Samples left of the sound.
    left: u32,
    kind: Kind,
    pitch: Glide,
    formants: [Glide; 3],
    /// How strong each formant is.
    strengths: [f64; 3],
    /// How wide formants are, in Hz.
    width: f64,
    level: f64,
    gain: f64,
    phase: f64,
    amplitudes: [f64; HARMONICS],
    noise: f64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Voiced,
    Unvoiced,
    Pause,
}

/// A value that moves.
#[derive(Clone, Copy, Debug)]
struct Glide {
    at: f64,
    step: f64,
}

impl Glide {
    fn next(&mut self) -> f64 {
        self.at += self.step;
        self.at
    }
}

impl Speaker {
    /// Begins with a pause.
    pub(crate) fn new(seed: u64) -> Self {
        let still = Glide {
            at: 500.0,
            step: 0.0,
        };
        Self {
            rng: fastrand::Rng::with_seed(seed),
            left: 0,
            kind: Kind::Pause,
            pitch: still,
            formants: [still; 3],
            strengths: [1.0; 3],
            width: 80.0,
            level: 0.0,
            gain: 0.0,
            phase: 0.0,
            amplitudes: [0.0; HARMONICS],
            noise: 0.0,
        }
    }

    /// Says 20 ms.
    pub(crate) fn say(&mut self) -> Narrow {
        let mut frame = [0; FRAME];
        for (n, sample) in frame.iter_mut().enumerate() {
            if self.left == 0 {
                self.begin();
            }
            if n % 40 == 0 {
                self.shape();
            }
            self.left -= 1;
            *sample = self.sample().clamp(-32_000.0, 32_000.0) as i16;
        }
        frame
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.rng.f64()
    }

    /// Begins the next sound.
    fn begin(&mut self) {
        let kind = self.rng.u8(..20);
        self.kind = match kind {
            0..14 => Kind::Voiced,
            14..17 => Kind::Unvoiced,
            _ => Kind::Pause,
        };
        let milliseconds = self.between(40.0, 350.0);
        self.left = (milliseconds * 8.0) as u32;
        self.level = 10_f64.powf(self.between(3.2, 4.2));
        self.width = self.between(40.0, 160.0);
        for n in 0..3 {
            let (low, high) = [(250.0, 1000.0), (800.0, 2500.0), (1800.0, 3400.0)][n];
            let (from, to) = (self.between(low, high), self.between(low, high));
            let still = self.rng.bool();
            self.formants[n] = self.glide(from, if still { from } else { to });
            self.strengths[n] = self.between(0.1, 1.0);
        }
        if self.rng.u8(..3) == 0 {
            self.sing();
        } else {
            let from = self.between(80.0, 400.0);
            let to = from * self.between(0.8, 1.25);
            self.pitch = self.glide(from, to);
        }
    }

    /// Sings a note of which one harmonic is a low tone of DTMF, with the formants on that and on a
    /// high one.
    fn sing(&mut self) {
        let low = f64::from(DTMF_LOW[self.rng.usize(..4)]);
        let high = f64::from(DTMF_HIGH[self.rng.usize(..4)]);
        let pitch = low / f64::from(self.rng.u8(2..6));
        let to = pitch * self.between(0.995, 1.005);
        self.pitch = self.glide(pitch, to);
        self.formants[0] = self.glide(low, low);
        let beside = high * self.between(0.95, 1.05);
        self.formants[1] = self.glide(high, beside);
    }

    fn glide(&self, from: f64, to: f64) -> Glide {
        Glide {
            at: from,
            step: (to - from) / f64::from(self.left),
        }
    }

    /// Weighs the harmonics by the formants.
    fn shape(&mut self) {
        for (n, amplitude) in self.amplitudes.iter_mut().enumerate() {
            let hz = self.pitch.at * (n + 1) as f64;
            let near = |(formant, strength): (&Glide, &f64)| {
                let off = (hz - formant.at) / self.width;
                strength / (1.0 + off * off).sqrt()
            };
            let formants = self.formants.iter().zip(&self.strengths);
            let weight: f64 = formants.map(near).sum();
            *amplitude = if hz < 3700.0 { weight } else { 0.0 };
        }
    }

    fn sample(&mut self) -> f64 {
        let wanted = match self.kind {
            Kind::Pause => 0.0,
            Kind::Voiced | Kind::Unvoiced => self.level,
        };
        self.gain += (wanted - self.gain) / 80.0;
        let pitch = self.pitch.next();
        for formant in &mut self.formants {
            formant.next();
        }
        self.phase = (self.phase + pitch / 8000.0).fract();
        let hiss = self.rng.f64() - 0.5;
        self.noise = 0.6 * self.noise + hiss;
        match self.kind {
            Kind::Unvoiced => self.noise * self.gain * 0.7,
            Kind::Voiced | Kind::Pause => self.voice() * self.gain + hiss * 20.0,
        }
    }

    fn voice(&self) -> f64 {
        // sin(nx) by the recurrence of Chebyshev.
        let (first, turn) = ((TAU * self.phase).sin(), 2.0 * (TAU * self.phase).cos());
        let (mut before, mut now) = (0.0, first);
        let mut sum = 0.0;
        for amplitude in self.amplitudes {
            sum += amplitude * now;
            (before, now) = (now, turn * now - before);
        }
        sum
    }
}
