import { join } from 'node:path'
import type { Argv, Bench, Contender } from './measure.ts'

/**
 * The command lines of all contenders, each as its own manual advises for the work: quiet, and without habits that
 * would cost it time (aria2 would first fill the file with zeros).
 */

const SLUICE = join(import.meta.dirname, '..', 'node_modules', '.bin', 'sluice')

/** `sluice get` as a user of the checkout calls it. */
export function sluice(name: string, ...args: string[]): Contender & { readonly argv: Argv } {
  return { name, argv: [SLUICE, 'get', ...args], isOurs: true }
}

/** `sluice pull` from a registry into a store in the folder of the run. */
export function sluicePull(name: string, registry: string, model: string, ...args: string[]): Contender {
  const argv: Argv = [SLUICE, 'pull', '--registry', registry, '--models-dir', 'store', ...args, model]
  return { name, argv, isOurs: true }
}

/** `skopeo copy` of an image to a folder, without a policy file and over plain HTTP. */
export function skopeo(image: string): Contender {
  const flags = ['--insecure-policy', 'copy', '-q', '--src-tls-verify=false']
  return { name: 'skopeo copy', argv: ['skopeo', ...flags, `docker://${image}`, 'dir:copy'] }
}

export function curl(...args: string[]): Contender {
  return { name: 'curl', argv: ['curl', '-sSfO', ...args] }
}

/** `connections` goes into the name too: aria2 does nothing by itself that was not asked for. */
export function aria2(connections: number, ...args: string[]): Contender {
  const split = connections === 1 ? [] : [`-s${connections}`, '-k1M']
  return {
    name: `aria2c -x${connections}`,
    argv: ['aria2c', '-q', '--file-allocation=none', `-x${connections}`, ...split, ...args],
  }
}

export function wget2(...args: string[]): Contender {
  return { name: 'wget2', argv: ['wget2', '-q', ...args] }
}

export function axel(connections: number, url: string): Contender {
  return { name: `axel -n${connections}`, argv: ['axel', '-q', '-n', String(connections), url] }
}

/** A line for `sh`, in which `$1` and so on are the arguments. */
export function shell(name: string, line: string, ...args: string[]): Contender {
  return { name, argv: ['sh', '-c', line, 'sh', ...args] }
}

export function ipull(bench: Bench, url: string): Contender {
  const argv: Argv | undefined = bench.ipull === undefined ? undefined : [bench.ipull, '-s', '.', url]
  return { name: 'ipull', argv }
}

/** The floor: raw-recv.c. `path` as the server knows it. */
export function rawRecv(bench: Bench, path: string, file: string, ...flags: 'fsync'[]): Contender {
  const argv: Argv | undefined =
    bench.floor === undefined ? undefined : [bench.floor, String(bench.web.port), path, file, ...flags]
  return { name: ['C loop', ...flags].join(', '), argv }
}
