import type { Sanction } from 'plenary-client';

/** The shapes of the REST interface, as its OpenAPI document describes them. Times are milliseconds since 1970, UTC. */

export type Id = string;
export type Role = 'attendee' | 'speaker' | 'exhibitor' | 'moderator' | 'organizer' | 'guest';

export interface List<T> {
  items: T[];
  next?: string | null;
}

/** Who a person is, as others see them. */
export interface Card {
  id: Id;
  name: string;
  picture?: string | null;
  affiliation?: string | null;
  badge?: 'speaker' | 'exhibitor' | 'moderator' | 'organizer' | 'guest' | null;
}

export interface Profile {
  name: string;
  affiliation?: string | null;
  about?: string | null;
  languages: string[];
  picture?: string | null;
}

export interface Membership {
  slug: string;
  title: string;
  roles: RoleGrant[];
  registration_status?: RegistrationStatus | null;
}

export interface RoleGrant {
  role: Role;
  room?: Id | null;
}

export interface Me {
  id: Id;
  kind: 'person' | 'guest';
  email?: string | null;
  email_confirmed: boolean;
  has_password: boolean;
  profile: Profile;
  locale?: string | null;
  events: Membership[];
  may_create_events: boolean;
  /** Where a mailed link leads, as it was asked for. */
  next?: string | null;
}

export interface SignIn {
  id: Id;
  created_at: number;
  seen_at: number;
  user_agent?: string | null;
  address?: string | null;
  current: boolean;
}

export interface EventSummary {
  id: Id;
  slug: string;
  title: string;
  description?: string | null;
  starts_at: number;
  ends_at: number;
  time_zone: string;
  state: EventState;
}

export type EventState = 'draft' | 'open' | 'closed';

export interface TicketType {
  id: Id;
  name: string;
  description?: string | null;
  quota?: number | null;
  remaining?: number | null;
  sales_from?: number | null;
  sales_until?: number | null;
  hidden: boolean;
  position: number;
  on_sale: boolean;
}

export type FieldKind = 'text' | 'long_text' | 'choice' | 'checkbox';

export interface Field {
  id: Id;
  key: string;
  label: string;
  kind: FieldKind;
  options?: string[] | null;
  required: boolean;
  position: number;
}

export interface Event extends EventSummary {
  locale?: string | null;
  registration_open: boolean;
  guests_allowed: boolean;
  consent_text?: string | null;
  consent_version?: number | null;
  ticket_types: TicketType[];
  fields: Field[];
  version: number;
}

export interface Room {
  id: Id;
  name: string;
  description?: string | null;
  capacity?: number | null;
  position: number;
  hidden: boolean;
  slow_mode_seconds: number;
  locked: boolean;
  channel: Id;
  staff_channel?: Id | null;
}

export interface RoomList extends List<Room> {
  announcements?: Id | null;
}

export type Answer = string | boolean;

export type RegistrationStatus = 'pending' | 'confirmed' | 'cancelled';

export interface Registration {
  id: Id;
  status: RegistrationStatus;
  ticket_type: Id | null;
  answers: Record<string, Answer>;
  listed: boolean;
  created_at: number;
  /** Only in the organizers' list. */
  person?: Card;
  email?: string | null;
}

export interface DirectoryPerson extends Card {
  about?: string | null;
  languages?: string[];
  roles?: Role[];
}

/** A person's own page; moderators also see what is in force against them. */
export interface PersonPage extends DirectoryPerson {
  standing?: Sanction[];
}

export interface Track {
  id: Id;
  name: string;
  color?: string | null;
}

export interface Session {
  id: Id;
  guid: string;
  title: string;
  subtitle?: string | null;
  abstract?: string | null;
  description?: string | null;
  language?: string | null;
  kind?: string | null;
  track?: Id | null;
  room?: Id | null;
  starts_at: number;
  ends_at: number;
  state: 'scheduled' | 'cancelled';
  speakers: Id[];
  url?: string | null;
}

export interface Speaker {
  id: Id;
  name: string;
  biography?: string | null;
  picture?: string | null;
  person?: Id | null;
}

export interface Agenda {
  version: number;
  time_zone: string;
  days: string[];
  rooms: { id: Id; name: string }[];
  tracks: Track[];
  sessions: Session[];
  speakers: Speaker[];
}
