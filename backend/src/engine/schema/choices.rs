//! What people choose about how they are told of things.

/// `level` is NULL where what is usual for the kind of room holds; it goes with the membership.
pub(super) const STEP: &str = "
    ALTER TABLE members ADD COLUMN level TEXT;
    ALTER TABLE people ADD COLUMN quiet_until INTEGER;
";

/// `told` is how far the others in the room were told that a member has read: never back, and 0 before the first time.
pub(super) const RECEIPTS: &str = "
    ALTER TABLE members ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE people ADD COLUMN no_receipts INTEGER NOT NULL DEFAULT 0;
";
