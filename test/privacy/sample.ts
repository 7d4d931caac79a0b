/** A definition that uses everything, over data in which every personal value is marked: no mark may ever come out. */

/** In every text that is personal, in every number, in every name. */
export const MARK = /zq7x|9,?876,?5|1951-07/i;

const people = [1, 2, 3, 4, 5, 6];
/** Of those who consent and order the first, the third and the fifth are alone in theirs: a sum over a group is one person's. */
const PLANS = ['team', 'free', 'pro'];
const email = (n: number) => `Zq7x.${n}@mail.example`;
const phone = (n: number) => `+49-zq7x-${n}`;
const age = (n: number) => 9876500 + n;

function web(): string {
  const rows = ['at,type,user_id,device,email,phone,age,plan,item,order_id,analytics'];
  const row = (time: string, type: string, n: number, more: Record<string, string | number> = {}) => {
    const { user = `u${n}`, device = `d${n}`, plan = PLANS[n % 3], item = '', order = '', analytics = '' } = more;
    rows.push([time, type, user, device, email(n), phone(n), age(n), plan, item, order, analytics].join(','));
  };
  for (const n of people) {
    const day = `2026-03-0${n}`;
    row(`${day}T08:00Z`, 'consent_changed', n, { analytics: n === 6 ? 'false' : 'true' });
    row(`${day}T09:00Z`, 'view', n, { item: 'i1', user: '' });
    row(`${day}T10:00Z`, 'signup', n);
    row(`${day}T11:00Z`, 'view', n, { item: 'i2' });
    row(`${day}T12:00Z`, 'signup', n);
    if (n % 2) row(`${day}T13:00Z`, 'order', n, { item: 'i2', order: phone(n) });
    else row(`${day}T13:00Z`, 'refused', n, { order: phone(n) });
  }
  row('2026-03-10T10:00Z', 'view', 1, { item: 'i1' });
  row('2026-03-10T10:00Z', 'order', 1, { item: 'i1', order: phone(1) });
  return `${rows.join('\n')}\n`;
}

/** Mails: the address alone says whose they are, and the subject, a name of events, holds it too. */
function mail(): string {
  const rows = people.map(n => ({
    sent: `2026-03-0${n}T14:00:00Z`,
    subject: n === 1 ? 'welcome' : `welcome zq7x ${n}`,
    to: { address: email(n).toUpperCase(), name: `Ann Zq7x ${n}` },
    tablet: `t${n}`,
  }));
  return rows.map(row => `${JSON.stringify(row)}\n`).join('');
}

function profiles(): string {
  const rows = people.map(n => `${email(n).toLowerCase()},1951-07-0${n},Zq7xstreet ${n},${n % 2 ? 'north' : 'south'}`);
  return `mail,birthday,home_address,region\n${rows.join('\n')}\n`;
}

export const FILES: Record<string, string> = {
  'web.csv': web(),
  'mail.ndjson': mail(),
  'profiles.csv': profiles(),
  'items.csv': 'item,category\ni1,Books\ni2,Desk\n',
};

export const DEFINITION = `/** What people do. */
source web {
  sample   "web.csv"
  time     at
  event    type
  id       user   = user_id
  id       device = device
  id       email  = lower(trim(email))
  join     items on item
  property phone    pii contact.phone
  property age      pii person.age
  property order_id pii contact.phone
}
/** What they are sent. */
source mails {
  sample   "mail.ndjson"
  time     sent
  event    subject
  id       email = lower(to.address)
  id       device = tablet
  passive
  property to      pii contact
  property subject pii contact.email
}
table items { sample "items.csv"  key item }
table profiles {
  sample   "profiles.csv"
  id       email = mail
  property birthday     pii person.birthday
  property home_address pii contact.address
}
identity customer {
  id user   unique
  id email  max 3  pii contact.email
  id device max 20 valid 180d
  ignore any    matching /^(|0+|null)$/
  ignore device in ("0", "n/a")
  ignore email  where length(email) < 6 or email like "test%"
  never link user "u1" with user "u2"
  shared device when more than 5 user
  on conflict keep latest
  retroactive 30d
}
/** By the address alone. */
identity reader { id email pii contact.email }
privacy {
  /** To see what the shop is like. */
  purpose analytics
  consent from web.consent_changed, granted where analytics = true
  erase   on web.erase_me
  retain  400d
}
event Joined  = web.signup
event Ordered = web.order where age > 0
event Called  = web.refused where phone = "+49-0" or phone like "+49%"
event Stuck   = web.signup then no web.order within 2h
event Twice   = 2 web.signup within 1d same phone
segment Grown  when entry.age > 18
segment Old    when profiles.birthday < "1960-01-01"
segment Buyer  when count(Ordered before entry) > 0
journey Onboarding for customer {
  enter    Organic on Joined
  reentry  after exit, wait 1d
  stage    Looking on web.view where items.category = "Desk"
  stage    Again   on Twice
  complete Bought  on Ordered where phone != "x" and length(email) > 3
  complete Plain   on web.order where phone = "nobody"
  exit     Refused on Called
  exit     Gone    after 14d of silence
  path     Main: Organic -> Looking -> Bought
  split by plan, profiles.region, Grown, Old, Buyer
  keep     before  = last web.view.age before entry
  metric   share   = rate(Bought)
  metric   usual   = avg(Ordered.age)
  metric   summed  = sum(Ordered.age within 1d)
  metric   daily   = avg(Ordered.age) by day
  metric   weekly  = sum(Ordered.age) / count(Ordered) by week of end
  metric   looked  = avg(before)
  metric   scaled  = sum(before) * 1 + 0
  metric   again   = usual + 0
  metric   eldest  = max(Ordered.age)
  metric   middle  = median(Ordered.age)
  metric   kinds   = count(distinct Ordered.phone)
  expect   share > 90%, else warning "few"
  expect   max(Ordered.age) < 18, else warning "old"
  expect   avg(Ordered.age) < 18, else warning "old"
  expect   not (sum(before) / people < usual), else warning "old"
}
journey Fulfilment for customer per order_id {
  enter    Placed on web.order
  reentry  restart
  complete Done   on mails.welcome
  exit     Lost   after 30d
}
journey Reading for reader {
  enter    Got on mails.welcome
  complete Did on web.view
  exit     Off on web.refused
}
scenario "made up" {
  2026-03-01 09:00 web.consent_changed { user: "u1", analytics: true }
  +1h              web.signup { user: "u1", phone: "1", age: 30 }
  +1h              web.order  { user: "u1", phone: "1", age: 30, email: "a@b.example" }
  expect Onboarding entered 1, completed 1 as Bought
}
expect web.unreadable < 1%
`;

const swap = (from: string, to: string): string => {
  if (!DEFINITION.includes(from)) throw new Error(`the definition has no ${from}`);
  return DEFINITION.replace(from, to);
};

/** A whole participation with one field too many: the name has a comma, and personal data stands where ids, plans and items do. */
function shifted(): string {
  const row = (hour: string, type: string, analytics = '') =>
    `2026-03-11T${hour}:00Z,${type},Ann Zq7x u9,Zq7x d9,a9@mail.example,${phone(9)},19,Zq7x plan,Zq7x item,Zq7x order,${analytics},more\n`;
  return row('08', 'consent_changed', 'true') + row('10', 'signup') + row('11', 'view') + row('13', 'order');
}

/** The same with something wrong: by what, the definition and the files that are other ones. */
export const VARIANTS: Record<string, { definition?: string; files?: Record<string, string> }> = {
  'as it is': {},
  'splits by personal data': { definition: swap('split by plan,', 'split by age, phone, profiles.birthday, before, plan,') },
  'a misspelt event': { definition: swap('on Joined', 'on Joind') },
  'a misspelt event name': {
    definition: swap('web.signup\nevent Ordered', 'web.sign_up\nevent Ordered').replace('mails.welcome', 'mails.welcom'),
  },
  'a misspelt column': { definition: swap('where phone != "x"', 'where phon != "x"') },
  'a value that never occurs': {
    definition: swap('where phone = "nobody"', 'where phone = "+49-zq-1" and email = "nobody@mail.example" and age = 1'),
  },
  'identities with errors alone': {
    definition: swap('retroactive 30d', 'retroactive 30 parsecs').replace(
      'reader { id email pii contact.email }',
      'reader { id email pii contact.email  retroactive 30 parsecs }',
    ),
  },
  'a misspelt word of privacy': { definition: swap('id email  max 3  pii contact.email', 'id email  max 3  pi contact.email') },
  'a category that is missing': { definition: swap('property phone    pii contact.phone', 'property phone    pii') },
  'an identity with an error': { definition: swap('retroactive 30d', 'retroactive 30 parsecs') },
  'a journey with an error': { definition: swap('after 14d of silence', 'after 14 of silence') },
  'a broken block': { definition: swap('purpose analytics\n', 'purpose analytics for Nobody\n') },
  'times that are none': {
    files: { 'web.csv': `${FILES['web.csv']}zq7x-no-time,view,u1,d1,${email(1)},${phone(1)},1,free,i1,,\n` },
  },
  'rows of another length': {
    files: { 'web.csv': `${FILES['web.csv']}2026-03-11T10:00Z,${email(2)},u1,d1,x,${email(1)},${phone(1)},1,zq7x,i1,,,,\n${shifted()}` },
  },
  'a table with rows of another length': {
    files: {
      'profiles.csv': `${FILES['profiles.csv']}${email(6)},1951-07-06,Zq7x,street 6,south\n`.replace(/zq7xstreet 3,/gi, 'Zq7x,street,'),
    },
  },
  'no line of names': { files: { 'web.csv': FILES['web.csv'].slice(FILES['web.csv'].indexOf('\n') + 1) } },
  'a quote that never closes': { files: { 'web.csv': `${FILES['web.csv']}2026-03-11T10:00Z,"${email(2)},u1\n` } },
  'records that are none': { files: { 'mail.ndjson': `${FILES['mail.ndjson']}{"sent": "2026", to: "${email(3)}"\n["${email(3)}"]\n` } },
  'keys that repeat': { files: { 'profiles.csv': `${FILES['profiles.csv']}${email(1)},1951-07-09,Zq7xstreet,east\n` } },
  'no UTF-8': { files: { 'profiles.csv': `${FILES['profiles.csv']}zq7x\u00e9,1951-07-09,Zq7xstreet \u00e9,east\n` } },
  'types that change': {
    files: { 'web.csv': `${FILES['web.csv']}2026-03-11T10:00Z,view,u1,d1,${email(1)},${phone(1)},zq7x old,free,i1,,\n` },
  },
};
