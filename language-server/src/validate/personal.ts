/** Names of columns that personal data usually goes by. */

/** What the last words of a name say, longer ones first. */
const CATEGORIES: [words: string, category: string][] = [
  ['ip address', 'device.ip'],
  ['mac address', 'device.mac'],
  ['email address', 'contact.email'],
  ['e mail', 'contact.email'],
  ['email', 'contact.email'],
  ['mail address', 'contact.email'],
  ['phone number', 'contact.phone'],
  ['mobile number', 'contact.phone'],
  ['phone', 'contact.phone'],
  ['telephone', 'contact.phone'],
  ['mobile', 'contact.phone'],
  ['msisdn', 'contact.phone'],
  ['address', 'contact.address'],
  ['street', 'contact.address'],
  ['postcode', 'contact.address'],
  ['postal code', 'contact.address'],
  ['zip code', 'contact.address'],
  ['zip', 'contact.address'],
  ['date of birth', 'person.birthday'],
  ['birth date', 'person.birthday'],
  ['birthdate', 'person.birthday'],
  ['birthday', 'person.birthday'],
  ['birth', 'person.birthday'],
  ['dob', 'person.birthday'],
  ['first name', 'person.name'],
  ['firstname', 'person.name'],
  ['last name', 'person.name'],
  ['lastname', 'person.name'],
  ['given name', 'person.name'],
  ['family name', 'person.name'],
  ['full name', 'person.name'],
  ['fullname', 'person.name'],
  ['customer name', 'person.name'],
  ['surname', 'person.name'],
  ['gender', 'person.gender'],
  ['ssn', 'person.document'],
  ['passport', 'person.document'],
  ['passport number', 'person.document'],
  ['tax id', 'person.document'],
  ['iban', 'payment.account'],
  ['card number', 'payment.card'],
  ['ip', 'device.ip'],
];

/**
 * @param column dotted
 * @returns a category to propose; undefined for a name that says nothing. `email_opened` and `email_id` are about mails, not addresses.
 */
export function looksPersonal(column: string): string | undefined {
  const words = ` ${column
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
    .join(' ')}`;
  return CATEGORIES.find(([ending]) => words.endsWith(` ${ending}`))?.[1];
}
