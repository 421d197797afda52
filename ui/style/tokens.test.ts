import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

type Rgb = readonly [red: number, green: number, blue: number]
type Theme = ReadonlyMap<string, Rgb>

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const contrastRules = css.slice(css.indexOf('prefers-contrast: more'))
const usual = {
  light: themeOf(css.slice(0, css.indexOf('prefers-contrast')), 0),
  dark: themeOf(css, 1, 'prefers-contrast'),
}

/** The colours of one side of every `light-dark()` up to a word in the text. */
function themeOf(text: string, side: 0 | 1, until = '\0'): Theme {
  const end = text.indexOf(until)
  const pairs = text
    .slice(0, end === -1 ? undefined : end)
    .matchAll(/--([\w-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\);/g)
  return new Map([...pairs].map(([, name = '', light = '', dark = '']) => [name, linearRgb(side === 0 ? light : dark)]))
}

/** OKLCH to linear sRGB, by the matrices of CSS Color 4. */
function linearRgb(oklch: string): Rgb {
  const [lightness = 0, chroma = 0, hue = 0] = oklch.split(' ').map(Number)
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
}

/** WCAG 2, from 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [one, other]
    .map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
    .sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function colour(theme: Theme, name: string): Rgb {
  return theme.get(name) ?? assert.fail(`--${name} is missing`)
}

function atLeast(theme: Theme, ratio: number, front: string, back: string): void {
  const found = contrast(colour(theme, front), colour(theme, back))
  assert.ok(found >= ratio, `--${front} on --${back}: ${found.toFixed(2)} < ${ratio}`)
}

const grounds = ['page', 'surface', 'sunken', 'raised', 'hover', 'selected']
const texts = ['text', 'text-2', 'text-3', 'accent', 'good', 'warning', 'danger']

const themes: ReadonlyArray<readonly [string, Theme, ratio: number]> = [
  ['light', usual.light, 4.5],
  ['dark', usual.dark, 4.5],
  ['light with more contrast', new Map([...usual.light, ...themeOf(contrastRules, 0)]), 7],
  ['dark with more contrast', new Map([...usual.dark, ...themeOf(contrastRules, 1)]), 7],
]

for (const [name, theme, ratio] of themes) {
  describe(`the ${name} colours`, () => {
    it('can all be shown by an ordinary screen', () => {
      assert.ok(theme.size > 25)
      for (const [token, rgb] of theme) for (const part of rgb) assert.ok(part > -0.002 && part < 1.002, `--${token}`)
    })

    it(`give every text ${ratio}:1 on every ground`, () => {
      for (const text of texts) for (const ground of grounds) atLeast(theme, ratio, text, ground)
    })

    it('give meaning 4.5:1 on its own soft ground and under its text', () => {
      for (const hue of ['accent', 'good', 'warning', 'danger']) {
        atLeast(theme, 4.5, hue, `${hue}-soft`)
        atLeast(theme, 4.5, 'text', `${hue}-soft`)
        atLeast(theme, 4.5, `on-${hue}`, hue)
      }
      atLeast(theme, 4.5, 'on-accent', 'accent-strong')
      atLeast(theme, 4.5, 'on-danger', 'danger-strong')
      atLeast(theme, 4.5, 'text', 'pressed')
      atLeast(theme, 4.5, 'text-2', 'pressed')
      atLeast(theme, 4.5, 'page', 'text')
    })

    it('give what must be seen but not read 3:1', () => {
      for (const ground of ['page', 'surface', 'raised']) {
        atLeast(theme, 3, 'line-strong', ground)
        atLeast(theme, 3, 'focus', ground)
      }
      for (const tone of ['accent', 'good', 'warning', 'danger', 'text-3']) atLeast(theme, 3, tone, 'track')
    })
  })
}
