import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'

const maxPattern = 200
const maxName = 300
const expressionForm = /^\/(.+)\/i?$/s

/**
 * Reads a pattern for file names: with `*` and `?`, or `/a regular expression/`. Upper and lower case are the same; a glob
 * must fit the whole name, an expression a part of it. `usage` where it is empty, too long or no expression.
 */
export function readNamePattern(pattern: string): (name: string) => boolean {
  if (pattern === '' || pattern.length > maxPattern)
    throw new SluiceError('usage', `A pattern has 1 to ${maxPattern} characters; this one has ${pattern.length}.`)
  const expression = expressionForm.exec(pattern)?.[1]
  if (expression === undefined)
    return (name) => name.length <= maxName && isGlobOf(pattern.toLowerCase(), name.toLowerCase())
  const regex = compile(expression)
  return (name) => name.length <= maxName && regex.test(name)
}

/** Whether it is a regular expression, which may take for ever with a name; globs are quick with all. */
export function isExpression(pattern: string): boolean {
  return expressionForm.test(pattern)
}

function compile(expression: string): RegExp {
  try {
    return new RegExp(expression, 'iu')
  } catch (cause) {
    throw new SluiceError('usage', `"${excerpt(expression)}" is no regular expression.`, { cause })
  }
}

/** Compares without going back further than to the last `*`: at most pattern times name. */
function isGlobOf(glob: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0]
  for (let index = 0; index < name.length;) {
    if (glob[at] === '*') [star, resume, at] = [at, index, at + 1]
    else if (glob[at] === '?' || glob[at] === name[index]) [index, at] = [index + 1, at + 1]
    else if (star >= 0) [resume, index, at] = [resume + 1, resume + 1, star + 1]
    else return false
  }
  return /^\**$/.test(glob.slice(at))
}
