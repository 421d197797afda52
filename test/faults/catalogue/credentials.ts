import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerOf, entityOf, redirectTo } from '../answer.ts'
import type { Ask, Fault, FaultGroup } from '../fault.ts'
import { KiB, simple } from '../lab.ts'
import type { Lab } from '../lab.ts'
import type { Origin } from '../server.ts'

const size = 64 * KiB
const secret = 's3cr3t-of-the-user'
/** All that a user can give a server to prove who they are, and what browsers add. */
const bound = ['authorization', 'cookie', 'x-api-key', 'private-token', 'proxy-authorization', 'referer']

/** The first origin asks for the credential and leads to a second one, which must not get it. */
function crossing(name: string, header: string, ask: (lab: Lab, origin: Origin) => Partial<Ask>): Fault {
  return {
    name,
    why: 'section D: strip Authorization, Cookie when the host changes; contract: -H belongs to the first origin',
    ...(name.includes('cookie-file') ? { needs: ['cookies'] as const } : {}),
    async setup(lab) {
      const entity = entityOf(lab.content(size))
      const other = await lab.origin(entity)
      const origin = await lab.origin(entity, {
        answer: (request) =>
          request.headers.has(header) ? redirectTo(`${other.base}/file.bin`) : answerOf(401, [], Buffer.alloc(0)),
      })
      const url = `${origin.base}/file.bin`
      return {
        runs: [{ exit: [0], ask: { url, ...ask(lab, origin) } }],
        expect: { withheld: [{ origin: other, headers: bound }], secrets: [secret] },
      }
    },
  }
}

function withUser(url: string): string {
  return url.replace('://', `://user:${secret}@`)
}

function cookieFile(lab: Lab): string {
  const path = join(lab.sandbox.home, 'cookies.txt')
  writeFileSync(
    path,
    `# Netscape HTTP Cookie File\nother.example\tFALSE\t/\tFALSE\t0\tstranger\tno\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t${secret}\n`,
  )
  return path
}

export const credentials: FaultGroup = {
  group: 'credentials',
  faults: [
    crossing('authorization-crosses-origins', 'authorization', () => ({
      headers: [`Authorization: Bearer ${secret}`],
    })),
    crossing('api-key-crosses-origins', 'x-api-key', () => ({ headers: [`X-Api-Key: ${secret}`] })),
    crossing('private-token-crosses-origins', 'private-token', () => ({ headers: [`PRIVATE-TOKEN: ${secret}`] })),
    crossing('cookie-header-crosses-origins', 'cookie', () => ({ headers: [`Cookie: session=${secret}`] })),
    crossing('user-in-address-crosses-origins', 'authorization', (_lab, origin) => ({
      url: withUser(`${origin.base}/file.bin`),
    })),
    {
      name: 'cookie-file-crosses-hosts',
      why: 'section D: Cookies; only the matching host',
      needs: ['cookies'],
      async setup(lab) {
        const entity = entityOf(lab.content(size))
        const other = await lab.origin(entity)
        const origin = await lab.origin(entity, {
          answer: (request) =>
            request.headers.get('cookie') === `session=${secret}`
              ? redirectTo(`http://localhost:${other.port}/file.bin`)
              : answerOf(401, [], Buffer.alloc(0)),
        })
        const ask = { url: `${origin.base}/file.bin`, cookieFile: cookieFile(lab) }
        return {
          runs: [{ exit: [0], ask }],
          expect: { withheld: [{ origin: other, headers: bound }], secrets: [secret] },
        }
      },
    },
    {
      name: 'netrc-crosses-origins',
      why: 'reliability C: credentials to other origins; netrc for the named host only',
      needs: ['netrc'],
      async setup(lab) {
        writeFileSync(join(lab.sandbox.home, '.netrc'), `machine localhost login user password ${secret}\n`, {
          mode: 0o600,
        })
        const entity = entityOf(lab.content(size))
        const other = await lab.origin(entity)
        const origin = await lab.origin(entity, {
          answer: (request) =>
            request.headers.has('authorization')
              ? redirectTo(`${other.base}/file.bin`)
              : answerOf(401, [], Buffer.alloc(0)),
        })
        const ask = { url: `http://localhost:${origin.port}/file.bin` }
        return {
          runs: [{ exit: [0], ask }],
          expect: { withheld: [{ origin: other, headers: bound }], secrets: [secret] },
        }
      },
    },
    {
      name: 'credential-kept-on-the-same-origin',
      why: 'contract: -H belongs to the first origin',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) => {
              if (!request.headers.has('x-api-key')) return answerOf(401, [], Buffer.alloc(0))
              return request.path === '/file.bin' ? redirectTo('/other') : correct
            },
          },
          { exit: [0], size, ask: { headers: [`X-Api-Key: ${secret}`] }, secrets: [secret] },
        ),
    },
    {
      name: 'credential-does-not-reach-a-mirror',
      why: 'contract: -H belongs to the first origin',
      needs: ['mirrors'],
      async setup(lab) {
        const entity = entityOf(lab.content(size))
        const origin = await lab.origin(entity, { answer: () => answerOf(404, [], Buffer.alloc(0)) })
        const mirror = await lab.origin(entity)
        const ask = {
          url: `${origin.base}/file.bin`,
          mirrors: [`${mirror.base}/file.bin`],
          headers: [`Authorization: Bearer ${secret}`],
        }
        return {
          runs: [{ exit: [0], ask }],
          expect: { withheld: [{ origin: mirror, headers: bound }], secrets: [secret] },
        }
      },
    },
    {
      name: 'credential-dropped-from-http-to-https',
      why: 'reliability A1 curl: other host, port or scheme',
      async setup(lab) {
        const entity = entityOf(lab.content(size))
        const { origin: secure, cacert } = await lab.secureOrigin(entity)
        const plain = await lab.origin(entity, { answer: () => redirectTo(`${secure.base}/file.bin`) })
        const ask = { url: `${plain.base}/file.bin`, cacert, headers: [`X-Api-Key: ${secret}`] }
        return { runs: [{ exit: [0], ask }], expect: { withheld: [{ origin: secure, headers: bound }] } }
      },
    },
    {
      name: 'wrong-password-is-not-told',
      why: 'promise 7: secrets never in logs; section D: 401 ask',
      setup: (lab) =>
        simple(
          lab,
          { answer: () => answerOf(401, [['WWW-Authenticate', 'Basic realm="files"']], Buffer.alloc(0)) },
          { exit: [4], requests: 3, secrets: [secret] },
        ).then((plan) => ({
          ...plan,
          runs: plan.runs.map((run) => ({ ...run, ask: { ...run.ask, url: withUser(run.ask.url) } })),
        })),
    },
    {
      name: 'signature-of-a-dead-link-is-not-told',
      why: 'reliability C: redact query signatures',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request) =>
              request.path === '/file.bin'
                ? redirectTo(`/signed?X-Amz-Signature=${secret}&X-Amz-Expires=60`)
                : answerOf(403, [], Buffer.alloc(0)),
          },
          { exit: [4], requests: 8, secrets: [secret] },
        ),
    },
    {
      name: 'secrets-are-not-kept-with-the-part',
      why: 'promise 7: secrets never in history or exports',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) =>
              request.index === 1
                ? { ...correct, cut: { after: 10 * 1024 * KiB, how: 'fin' } }
                : answerOf(404, [], Buffer.alloc(0)),
          },
          {
            exit: [4],
            size: 12 * 1024 * KiB,
            part: true,
            ask: { headers: [`Authorization: Bearer ${secret}`] },
            secrets: [secret],
          },
        ),
    },
    {
      name: 'redirect-sets-user-information',
      why: 'reliability C: credentials by redirect',
      async setup(lab) {
        const entity = entityOf(lab.content(size))
        const other = await lab.origin(entity)
        const origin = await lab.origin(entity, { answer: () => redirectTo(`${withUser(other.base)}/file.bin`) })
        return { runs: [{ exit: [0, 3], ask: { url: `${origin.base}/file.bin` } }], expect: { secrets: [secret] } }
      },
    },
  ],
}
