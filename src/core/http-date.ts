const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const time = String.raw`(\d\d):(\d\d):(\d\d)`
const imfFixdate = new RegExp(`^[a-z]{3}, (\\d\\d) ([a-z]{3}) (\\d{4}) ${time} GMT$`, 'i')
const rfc850 = new RegExp(`^[a-z]{6,9}, (\\d\\d)-([a-z]{3})-(\\d\\d) ${time} GMT$`, 'i')
const asctime = new RegExp(`^[a-z]{3} ([a-z]{3}) ([ \\d]\\d) ${time} (\\d{4})$`, 'i')

/**
 * Reads a date of HTTP in its three forms (RFC 9110, 5.6.7) into milliseconds since 1970, null when it is none.
 * `nowMs` places two-digit years: more than 50 years ahead means the century before.
 */
export function parseHttpDate(text: string, nowMs: number): number | null {
  let match = imfFixdate.exec(text)
  if (match !== null) return toMs(Number(match[3]), match[2], match[1], match.slice(4))
  match = rfc850.exec(text)
  if (match !== null) return toMs(fullYear(Number(match[3]), nowMs), match[2], match[1], match.slice(4))
  match = asctime.exec(text)
  if (match !== null) return toMs(Number(match[6]), match[1], match[2], match.slice(3, 6))
  return null
}

function fullYear(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + twoDigits
  return year > thisYear + 50 ? year - 100 : year
}

function toMs(year: number, monthName = '', dayText = '', clock: ReadonlyArray<string>): number | null {
  const month = months.indexOf(monthName.toLowerCase())
  const day = Number(dayText)
  const [hour = NaN, minute = NaN, second = NaN] = clock.map(Number)
  // 60 is a leap second; Date.UTC carries it into the next minute.
  if (month < 0 || !(hour < 24 && minute < 60 && second <= 60)) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month) return null
  return date.setUTCHours(hour, minute, second)
}
