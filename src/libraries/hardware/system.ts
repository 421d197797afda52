import type { Found, Machine } from './machine.ts'

/** macOS by the first number of its kernel. */
const darwinReleases: ReadonlyMap<number, string> = new Map([
  [20, '11'],
  [21, '12'],
  [22, '13'],
  [23, '14'],
  [24, '15'],
  [25, '26'],
])

/** The version of macOS; null elsewhere. */
export async function osVersionOf({ platform, run, release }: Machine): Promise<Found<string | null>> {
  if (platform !== 'darwin') return { fact: null, notes: [] }
  const told = /^\d{1,3}(?:\.\d{1,3}){0,2}$/.exec(
    ((await run('/usr/bin/sw_vers', ['-productVersion'])) ?? '').trim(),
  )?.[0]
  if (told !== undefined) return { fact: told, notes: [`macOS ${told}, by sw_vers.`] }
  const mapped = darwinReleases.get(Number(/^(\d{1,3})\./.exec(release)?.[1]))
  if (mapped === undefined) return { fact: null, notes: ['macOS: its version is not known.'] }
  return { fact: mapped, notes: [`macOS ${mapped}, by the version of its kernel.`] }
}

/** Whether an x64 process runs on arm64 hardware, as macOS does with Rosetta. */
export async function translatedOf({ platform, arch, run }: Machine): Promise<Found<boolean>> {
  if (platform !== 'darwin' || arch !== 'x64') return { fact: false, notes: [] }
  const told = ((await run('/usr/sbin/sysctl', ['-in', 'sysctl.proc_translated'])) ?? '').trim()
  const fact = told === '1'
  return { fact, notes: fact ? ['This process is translated by Rosetta, by sysctl.proc_translated.'] : [] }
}
