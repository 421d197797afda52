import { readFileSync } from 'node:fs'

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly hasInstallScript?: boolean }>>
}

/** They work where their script never ran: tried with scripts blocked. */
const workWithout: ReadonlySet<string> = new Set(['node_modules/koffi'])

// A clone is set up where install scripts are blocked and from whichever registry npm is configured for.
const lockfile: Lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const packages = Object.entries(lockfile.packages)
const scripts = packages.filter(([name, entry]) => entry.hasInstallScript === true && !workWithout.has(name))
const addresses = packages.filter(([, entry]) => entry.resolved?.startsWith('http') === true)
for (const [name] of scripts) console.error(`${name} has an install script; choose a package without one`)
for (const [name] of addresses) console.error(`${name} names a registry in package-lock.json; see .npmrc`)
console.log(`Lock file: ${packages.length} packages`)
if (scripts.length + addresses.length > 0) process.exitCode = 1
