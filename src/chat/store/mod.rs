//! The SQL of talk, one file per table or thing. Rows of `channels` are made and changed by
//! [`crate::events::channels`] alone; here they are read and locked.

pub(in crate::chat) mod blocks;
pub(in crate::chat) mod channels;
pub(in crate::chat) mod directs;
pub(in crate::chat) mod following;
pub(in crate::chat) mod mentions;
pub(in crate::chat) mod messages;
pub(in crate::chat) mod pointers;
pub(in crate::chat) mod reactions;
pub(in crate::chat) mod tokens;
pub(in crate::chat) mod unread;
pub(in crate::chat) mod writing;
