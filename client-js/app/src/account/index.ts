export { arriveAs } from './arrive';
export { asked, typedEmail } from './asked';
export { MailSent } from './mail-sent';
