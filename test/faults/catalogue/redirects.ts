import { answerOf, entityOf, redirectTo, withHeaders } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { Fault, FaultGroup, Plan } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import type { Lab, Simple } from '../lab.ts'
import type { SeenRequest } from '../request.ts'
import type { Scenario } from '../server.ts'
import { htmlPage } from './lies.ts'

/** The first path leads to the given one, everything else is honest. */
function from(location: string, status = 302): Scenario {
  return { answer: (request, correct) => (request.path === '/file.bin' ? redirectTo(location, status) : correct) }
}

function leads(
  name: string,
  why: string,
  exit: ReadonlyArray<number>,
  location: string,
  options: Partial<Simple> = {},
): Fault {
  return { name, why, setup: (lab) => simple(lab, from(location), { exit, requests: 4, ...options }) }
}

/**
 * An address that leads to a signed one, as file hosts do. A ticket is good for `uses` requests or until `cutAfter`
 * bytes of one answer, then the target says `status`.
 */
function signed(
  lab: Lab,
  uses: number,
  status: number,
  cutAfter: number,
  options: Partial<Simple> = {},
): Promise<Plan> {
  const used = new Map<string, number>()
  let tickets = 0
  const answer = (request: SeenRequest, correct: Answer): Answer => {
    if (request.path === '/file.bin') return redirectTo(`/signed/file.bin?ticket=${++tickets}`)
    const count = (used.get(request.query) ?? 0) + 1
    used.set(request.query, count)
    if (count > uses)
      return answerOf(status, [['Content-Type', 'application/xml']], Buffer.from('<Error>Request has expired</Error>'))
    return { ...correct, cut: { after: cutAfter, how: 'fin' } }
  }
  return simple(lab, { answer }, { exit: [0], name: 'file.bin', ...options })
}

export const redirects: FaultGroup = {
  group: 'redirects',
  faults: [
    ...[301, 302, 303, 307, 308].map((status) => ({
      name: `redirect-${status}`,
      why: 'issue 2: Redirects by hand',
      setup: (lab: Lab) => simple(lab, from('/elsewhere/other-name', status), { exit: [0] }),
    })),
    {
      name: 'relative-in-all-forms',
      why: 'RFC 3986 5.2',
      async setup(lab) {
        const steps: Record<string, string> = {
          '/file.bin': 'a/b/c',
          '/a/b/c': '../d',
          '/a/d': '?q=1',
          '/a/d?q=1': '/e#part',
        }
        const plan = await simple(lab, {}, { exit: [0] })
        const [origin] = lab.origins
        if (origin !== undefined) {
          const all: Record<string, string> = { ...steps, '/e': `//127.0.0.1:${origin.port}/f` }
          origin.scenario = {
            answer: (request, correct) => {
              const step = all[request.query === '' ? request.path : `${request.path}?${request.query}`]
              return step === undefined ? correct : redirectTo(step)
            },
          }
        }
        return plan
      },
    },
    leads('loop-to-itself', 'reliability B: redirect loop', [3], '/file.bin', { requests: 12 }),
    {
      name: 'loop-of-two',
      why: 'reliability B: redirect loop',
      setup: (lab) =>
        simple(
          lab,
          { answer: (request) => redirectTo(request.path === '/file.bin' ? '/b' : '/file.bin') },
          { exit: [3], requests: 12 },
        ),
    },
    {
      name: 'hops-without-end',
      why: 'reliability B: 20+ hops',
      setup: (lab) =>
        simple(lab, { answer: (request) => redirectTo(`/hop/${request.index}`) }, { exit: [3], requests: 22 }),
    },
    {
      name: 'location-missing',
      why: 'reliability B: 3xx without Location',
      setup: (lab) =>
        simple(lab, { answer: () => answerOf(302, [], Buffer.from('lost')) }, { exit: [3, 4], requests: 5 }),
    },
    leads('location-empty', 'RFC 9110 10.2.2', [3, 4], '', { requests: 12 }),
    leads('location-garbage', 'RFC 9110 10.2.2', [2, 3, 4], 'http://[::1'),
    leads('location-file', 'reliability C: scheme abuse', [3], 'file:///etc/hostname'),
    leads('location-ftp', 'reliability C: scheme abuse', [3], 'ftp://127.0.0.1/file.bin'),
    leads('location-javascript', 'reliability C: scheme abuse', [3], 'javascript:alert(1)'),
    leads('location-data', 'reliability C: scheme abuse', [3], 'data:application/octet-stream;base64,AAAA'),
    leads('location-with-line-break', 'reliability C: header injection', [0], '/x%0d%0aX-Evil:1'),
    leads('location-with-blank', 'RFC 3986: servers do it', [0, 3], '/a file.bin'),
    {
      name: 'location-twice',
      why: 'RFC 9110 5.3',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) =>
              request.path === '/file.bin'
                ? { ...redirectTo('/a'), headers: [...redirectTo('/a').headers, ['Location', '/b']] }
                : correct,
          },
          { exit: [0, 3] },
        ),
    },
    {
      name: 'redirect-with-endless-body',
      why: 'reliability B: endless redirect body',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) => {
              if (request.path !== '/file.bin') return correct
              const content = lab.content(1024 * MiB * 1024, 5)
              return { ...answerOf(302, [['Location', '/b']], { content, start: 0, end: content.size }), rate: 4 * MiB }
            },
          },
          { exit: [0], refetched: 12 * MiB, seconds: 20 },
        ),
    },
    {
      name: 'https-to-http',
      why: 'contract: https never falls back to http',
      async setup(lab) {
        const entity = entityOf(lab.content(64 * KiB))
        const plain = await lab.origin(entity)
        const { origin, cacert } = await lab.secureOrigin(entity, {
          answer: () => redirectTo(`${plain.base}/file.bin`),
        })
        return { runs: [{ exit: [3], ask: { url: `${origin.base}/file.bin`, cacert } }], expect: { requests: 1 } }
      },
    },
    {
      name: 'http-to-https',
      why: 'contract: an http to https redirect is followed',
      async setup(lab) {
        const entity = entityOf(lab.content(64 * KiB))
        const { origin, cacert } = await lab.secureOrigin(entity)
        const plain = await lab.origin(entity, { answer: () => redirectTo(`${origin.base}/file.bin`) })
        return { runs: [{ exit: [0], ask: { url: `${plain.base}/file.bin`, cacert } }], expect: {} }
      },
    },
    ...[400, 401, 403, 410].map((status) => ({
      name: `signed-link-expires-with-${status}`,
      why: 'section D: Redirect to a signed URL',
      setup: (lab: Lab) => signed(lab, 1, status, 120 * KiB, { refetched: 16 * KiB, requests: 12 }),
    })),
    {
      name: 'signed-link-expires-again-and-again',
      why: 'section D: re-resolve without counting an error',
      setup: (lab) => signed(lab, 1, 403, 25 * KiB, { refetched: 32 * KiB, ask: { retries: 1 } }),
    },
    {
      name: 'signed-link-never-works',
      why: 'section D: 403 once via re-resolve',
      setup: (lab) => signed(lab, 0, 403, 0, { exit: [4], requests: 8 }),
    },
    {
      name: 'redirect-on-resume-only',
      why: 'section D: keep the original URL as identity',
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) => {
              if (request.index === 1) return { ...correct, cut: { after: 100 * KiB, how: 'fin' } }
              return request.path === '/file.bin' ? redirectTo('/moved/file.bin') : correct
            },
          },
          { exit: [0], refetched: 16 * KiB },
        ),
    },
    {
      name: 'redirect-to-a-web-page-elsewhere',
      why: 'section D: Captive portal / login page',
      needs: ['web-page-check'],
      async setup(lab) {
        const portal = await lab.origin(entityOf(lab.content(1000)), { answer: () => htmlPage() })
        const origin = await lab.origin(entityOf(lab.content(64 * KiB)), {
          answer: () => redirectTo(`${portal.base}/login`),
        })
        return { runs: [{ exit: [5], ask: { url: `${origin.base}/get/latest` } }], expect: {} }
      },
    },
    {
      name: 'each-request-another-node',
      why: 'reliability B: two CDN nodes with different content',
      async setup(lab) {
        const entity = entityOf(lab.content(256 * KiB))
        const other = entityOf(lab.content(256 * KiB, 99))
        const cut: Scenario = { answer: (_request, correct) => ({ ...correct, cut: { after: 90 * KiB, how: 'fin' } }) }
        const a = await lab.origin(entity, cut)
        const b = await lab.origin(other, cut)
        const door = await lab.origin(entity, {
          answer: (request) => redirectTo(`${(request.index % 2 === 1 ? a : b).base}/f.bin`),
        })
        return {
          runs: [{ exit: [0, 5], ask: { url: `${door.base}/file.bin` } }],
          expect: { bytes: [entity.content, other.content], requests: 60 },
        }
      },
    },
    {
      name: 'redirect-carries-file-facts',
      why: 'section D: HF: hash on the 302',
      async setup(lab) {
        const content = lab.content(128 * KiB)
        const origin = await lab.origin(entityOf(content, { etag: `"${'ab'.repeat(32)}"` }), {
          answer: (request, correct) =>
            request.path === '/file.bin'
              ? withHeaders(redirectTo('/cdn/blob'), {
                  'X-Linked-ETag': `"${content.sha256()}"`,
                  'X-Linked-Size': String(content.size),
                })
              : correct,
        })
        return { runs: [{ exit: [0], ask: { url: `${origin.base}/file.bin` } }], expect: { name: 'file.bin' } }
      },
    },
  ],
}
