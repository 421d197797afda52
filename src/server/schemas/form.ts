import { SluiceError } from '../../core/errors.ts'

/** Names and values of a form, in their order. */
export type Form = ReadonlyArray<readonly [name: string, value: string]>

/** Fields of a form that are no single text. */
export interface FormKinds {
  readonly numbers?: readonly string[]
  readonly booleans?: readonly string[]
  /** Each line and each field of the name is an entry. */
  readonly lists?: readonly string[]
}

type FormValue = string | number | boolean | readonly string[]

const yes = /^(?:true|1|on|yes)$/i
const no = /^(?:false|0|off|no)$/i

/**
 * The fields of a form as the object that they stand for. Empty ones count as not there. What is no number, or neither yes
 * nor no, stays a text, which a schema refuses. A `usage` error where one value is asked for and several are given.
 */
export function formFields(form: Form, kinds: FormKinds = {}): Record<string, FormValue> {
  const { numbers = [], booleans = [], lists = [] } = kinds
  const result = new Map<string, FormValue>()
  for (const [name, given] of Map.groupBy(form, ([field]) => field)) {
    const values = given.flatMap(([, value]) => linesOf(value, lists.includes(name)))
    const [value, second] = values
    if (value === undefined) continue
    if (lists.includes(name)) result.set(name, values)
    else if (second !== undefined) throw new SluiceError('usage', `${name.slice(0, 100)}: it is given more than once.`)
    else if (numbers.includes(name)) result.set(name, /^\d{1,15}$/.test(value) ? Number(value) : value)
    else if (booleans.includes(name)) result.set(name, yes.test(value) ? true : no.test(value) ? false : value)
    else result.set(name, value)
  }
  return Object.fromEntries(result)
}

function linesOf(value: string, isList: boolean): string[] {
  return (isList ? value.split(/[\r\n]+/) : [value]).map((line) => line.trim()).filter((line) => line !== '')
}
