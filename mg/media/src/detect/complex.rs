//! Complex numbers, as far as tones need them.

use std::ops::{Add, Mul, Sub};

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Complex {
    /// Real part.
    pub(crate) re: f32,
    /// Imaginary part.
    pub(crate) im: f32,
}

impl Complex {
    /// Returns the number of length 1 at an angle.
    pub(crate) fn at_angle(radians: f64) -> Self {
        let (im, re) = radians.sin_cos();
        Self {
            re: re as f32,
            im: im as f32,
        }
    }

    /// Returns the conjugate.
    pub(crate) fn conjugate(self) -> Self {
        Self {
            re: self.re,
            im: -self.im,
        }
    }

    /// Returns it so many times as long.
    pub(crate) fn times(self, factor: f32) -> Self {
        Self {
            re: self.re * factor,
            im: self.im * factor,
        }
    }

    /// Returns the square of its length.
    pub(crate) fn square(self) -> f32 {
        self.re * self.re + self.im * self.im
    }

    /// Returns its angle in radians.
    pub(crate) fn angle(self) -> f32 {
        self.im.atan2(self.re)
    }
}

impl Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            re: self.re + other.re,
            im: self.im + other.im,
        }
    }
}

impl Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            re: self.re - other.re,
            im: self.im - other.im,
        }
    }
}

impl Mul for Complex {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}
