export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string
  /** True when nothing is imported at run time. */
  readonly typeOnly: boolean
}

/** `import`/`export ... from` statements at the start of a line, as formatted code has them. */
const statement = /^(?:import|export)\s+(type\s+)?(?:[^'"`;=]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm
/** `import('x')`, at run time or in a type, and files named for a worker: `new URL('./x.ts', import.meta.url)`. */
const expression = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)|\bnew URL\(\s*['"]([^'"\n]+)['"]\s*,\s*import\.meta\.url/g

/** Every module that this source text names. A block of `{ type A, type B }` counts as run time. */
export function importsOf(source: string): Import[] {
  const statements = [...source.matchAll(statement)].map(([, type, specifier = '']) => ({
    specifier,
    typeOnly: type !== undefined,
  }))
  const expressions = [...source.matchAll(expression)].map(([, imported, url]) => ({
    specifier: imported ?? url ?? '',
    typeOnly: false,
  }))
  return [...statements, ...expressions]
}
