/** Of who is gone nothing tells that they ever were: asking for them is answered like asking for somebody who never was. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, folderOf, removeFolders } from './harness.ts';

/** Three people; u222 asked to be erased, and all that u333 did is older than 30 days. */
const DATA = `at,type,user,device,email
2026-01-01T08:00Z,joined,u333,d333,c@x.example
2026-02-20T08:00Z,joined,u111,d111,a@x.example
2026-02-20T09:00Z,joined,u222,d222,b@x.example
2026-02-21T08:00Z,joined,u222,d229,b@x.example
2026-02-25T08:00Z,erase_me,u222,,
2026-03-01T08:00Z,left,u111,d111,
`;
const DEFINITION = `source web {
  sample "web.csv"
  time   at
  event  type
  id     user   = user
  id     device = device
  id     email  = email
}
identity customer { id user  id device  id email pii contact.email }
privacy {
  purpose analytics
  erase   on web.erase_me
  retain  30d
}
journey Onboarding for customer {
  enter on web.joined
  exit  Left on web.left
}
`;
let cwd: string;
beforeAll(() => {
  cwd = folderOf({ 'web.csv': DATA, 'a.journey': DEFINITION });
});
afterAll(removeFolders);

const gone = ['u222', 'user:u222', 'device:d222', 'device:d229', 'd229', 'email:b@x.example', 'b@x.example', 'u333', 'device:d333'];
/** Of the same length and kind, so unlike any that there is as those are. */
const neverWas = (who: string) => who.replace(/[bc](?=@)/, 'z').replace(/\d+$/, digits => (digits[0] === '2' ? '777' : '888'));

describe.each(gone)('%s', who => {
  it.each([['explain', '--journey', 'Onboarding'], ['identity']])(
    'journey %s says no more than of one who never was',
    async (command, ...options) => {
      const ask = (id: string) => call(cwd, command, 'a.journey', ...options, '--who', id);
      const { text, code } = await ask(who);
      const other = await ask(neverWas(who));
      expect(text).toMatch(/Nobody has /);
      expect(text.replaceAll(/u222|u333|d22\d|d333/g, 'X')).toBe(other.text.replaceAll(/[ud](777|888)/g, 'X'));
      expect(code).toBe(other.code);
    },
  );
});

it('nobody who is gone is suggested', async () => {
  for (const typo of ['u2222', 'u22', 'd2299', 'u3333', 'user:u223', 'device:d339'])
    for (const command of [
      ['explain', 'a.journey', '--journey', 'Onboarding'],
      ['identity', 'a.journey'],
    ]) {
      const { text } = await call(cwd, ...command, '--who', typo);
      expect(text.replaceAll(typo, '').replaceAll(typo.split(':').at(-1)!, '')).not.toMatch(/u222|u333|d222|d229|d333/);
    }
});

it('none of their ids is anywhere else', async () => {
  for (const command of [
    ['check', '--coverage'],
    ['check', '--format', 'json'],
    ['preview'],
    ['preview', '--format', 'json'],
    ['identity'],
    ['identity', '--format', 'json'],
    ['identity', '--who', 'u111', '--format', 'json'],
    ['explain', '--journey', 'Onboarding', '--any', 'active'],
    ['explain', '--journey', 'Onboarding', '--any', 'Left', '--as-scenario'],
    ['explain', '--journey', 'Onboarding', '--any', 'rejected'],
    ['privacy'],
  ]) {
    const [name, ...options] = command;
    expect((await call(cwd, name, 'a.journey', ...options)).text).not.toMatch(/u222|u333|d222|d229|d333|[bc]@x/);
  }
});
