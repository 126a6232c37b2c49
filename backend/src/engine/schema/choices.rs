//! What people choose about how they are told of things.

/// `level` is NULL where what is usual for the kind of room holds; it goes with the membership.
pub(super) const STEP: &str = "
    ALTER TABLE members ADD COLUMN level TEXT;
    ALTER TABLE people ADD COLUMN quiet_until INTEGER;
";
