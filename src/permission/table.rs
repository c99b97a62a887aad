//! The permission table: every operation, once, with who may do it.

use super::Level::{
    self, Administrator, Attendee, Everyone, Guest, Moderator, Nobody, Organizer, SignedIn,
};

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The operation's name, as it stands in the protocol and the audit log.
    pub name: &'static str,
    /// Who may do it to what is their own, or where nothing is owned.
    pub own: Level,
    /// Who may do it to what is somebody else's.
    pub others: Level,
    /// Whether others hear of it, so that a time-out forbids it.
    pub speaks: bool,
}

const SPEAKS: bool = true;
const QUIET: bool = false;

macro_rules! rules {
    ($($operation:ident $name:literal $own:ident $others:ident $speaks:ident;)*) => {
        /// Everything that can be asked of the hub.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operation {
            $(#[doc = concat!("`", $name, "`")] $operation,)*
        }

        impl Operation {
            /// Every operation, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$operation,)*];

            /// The operation's line of the table.
            pub fn rule(self) -> &'static Rule {
                &RULES[self as usize]
            }
        }

        /// The table.
        pub const RULES: &[Rule] = &[$(
            Rule { name: $name, own: $own, others: $others, speaks: $speaks },
        )*];
    };
}

rules! {
    // operation            name                       own        someone else's
    // -- anyone, and a person's own account
    EventRead               "event.read"               Everyone   Everyone   QUIET;
    AgendaRead              "agenda.read"              Everyone   Everyone   QUIET;
    Register                "registration.create"      Everyone   Nobody     QUIET;
    SignIn                  "sign_in"                  Everyone   Nobody     QUIET;
    SocketTicket            "ticket.issue"             SignedIn   Nobody     QUIET;
    AccountRead             "account.read"             SignedIn   Nobody     QUIET;
    AccountChange           "account.change"           SignedIn   Nobody     QUIET;
    RegistrationRead        "registration.read"        SignedIn   Organizer  QUIET;
    RegistrationChange      "registration.change"      SignedIn   Organizer  QUIET;
    // -- taking part
    Connect                 "hello"                    Guest      Nobody     QUIET;
    RoomsRead               "rooms.read"               Guest      Guest      QUIET;
    ChannelRead             "channel.read"             Guest      Nobody     QUIET;
    StaffChannelRead        "channel.read_staff"       Moderator  Moderator  QUIET;
    ChannelPeople           "channel.people"           Attendee   Nobody     QUIET;
    PeopleRead              "people.read"              Attendee   Attendee   QUIET;
    Star                    "agenda.star"              Attendee   Nobody     QUIET;
    // -- speaking
    Typing                  "channel.typing"           Attendee   Nobody     SPEAKS;
    MessageSend             "message.send"             Attendee   Nobody     SPEAKS;
    MessageEdit             "message.edit"             Attendee   Nobody     SPEAKS;
    MessageDelete           "message.delete"           Attendee   Moderator  QUIET;
    MessageReact            "message.react"            Attendee   Attendee   SPEAKS;
    AnnouncementSend        "announcement.send"        Moderator  Nobody     SPEAKS;
    DirectOpen              "direct.open"              Attendee   Nobody     QUIET;
    DirectRead              "direct.read"              Attendee   Nobody     QUIET;
    PersonBlock             "person.block"             Attendee   Nobody     QUIET;
    // -- moderation, in a room or the event
    MessageRestore          "message.restore"          Moderator  Moderator  QUIET;
    MessagePin              "message.pin"              Moderator  Moderator  QUIET;
    TimeOut                 "moderation.time_out"      Moderator  Moderator  QUIET;
    Ban                     "moderation.ban"           Moderator  Moderator  QUIET;
    Lift                    "moderation.lift"          Moderator  Moderator  QUIET;
    SlowMode                "moderation.slow_mode"     Moderator  Moderator  QUIET;
    Lock                    "moderation.lock"          Moderator  Moderator  QUIET;
    SanctionsRead           "moderation.sanctions"     Moderator  Moderator  QUIET;
    HistoryRead             "moderation.history"       Moderator  Moderator  QUIET;
    DeleteRecent            "moderation.delete_recent" Moderator  Moderator  QUIET;
    HeldRead                "registration.read_held"   Moderator  Moderator  QUIET;
    HeldDecide              "registration.decide_held" Moderator  Moderator  QUIET;
    AuditRead               "moderation.audit"         Moderator  Moderator  QUIET;
    // -- organizing
    EventCreate             "event.create"             Administrator    Administrator    QUIET;
    EventChange             "event.change"             Organizer  Organizer  QUIET;
    RoomChange              "room.change"              Organizer  Organizer  QUIET;
    TicketTypeChange        "ticket_type.change"       Organizer  Organizer  QUIET;
    FieldChange             "field.change"             Organizer  Organizer  QUIET;
    RegistrationsRead       "registrations.read"       Organizer  Organizer  QUIET;
    RolesRead               "roles.read"               Organizer  Organizer  QUIET;
    RolesChange             "roles.change"             Organizer  Organizer  QUIET;
    ImportSchedule          "import.schedule"          Organizer  Organizer  QUIET;
    ImportPeople            "import.people"            Organizer  Organizer  QUIET;
    LoadTest                "load_test.sign_in"        Organizer  Organizer  QUIET;
    LoadTestCount           "load_test.count"          Organizer  Organizer  QUIET;
    ExportPeople            "export.people"            Organizer  Organizer  QUIET;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_finds_its_own_line() {
        assert_eq!(Operation::ALL.len(), RULES.len());
        assert_eq!(Operation::ExportPeople.rule().name, "export.people");
    }

    #[test]
    fn nobody_may_do_more_to_others_than_to_their_own() {
        for rule in RULES {
            assert!(rule.others >= rule.own, "{}", rule.name);
        }
    }
}
