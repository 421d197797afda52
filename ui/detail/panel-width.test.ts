import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clampWidth, narrowest, usualWidth, widestIn, widthAfterKey } from './panel-width.ts'

const most = 700

test('arrows move the separator in the direction they point to', () => {
  assert.ok((widthAfterKey(400, 'ArrowLeft', false, most) ?? 0) > 400)
  assert.ok((widthAfterKey(400, 'ArrowRight', false, most) ?? 999) < 400)
  assert.ok((widthAfterKey(400, 'ArrowLeft', true, most) ?? 999) < 400)
  assert.ok((widthAfterKey(400, 'ArrowRight', true, most) ?? 0) > 400)
})

test('Home and End go to the ends, Enter back to the usual width, other keys do nothing', () => {
  assert.equal(widthAfterKey(400, 'Home', false, most), narrowest)
  assert.equal(widthAfterKey(400, 'End', false, most), most)
  assert.equal(widthAfterKey(600, 'Enter', false, most), usualWidth)
  assert.equal(widthAfterKey(400, 'a', false, most), null)
})

test('no width lies outside the bounds, and a broken one becomes the usual one', () => {
  assert.equal(clampWidth(10, most), narrowest)
  assert.equal(clampWidth(9999, most), most)
  assert.equal(clampWidth(Number.NaN, most), usualWidth)
  assert.equal(widthAfterKey(narrowest, 'ArrowRight', false, most), narrowest)
})

test('a narrow window leaves room for the list, a wide one does not stretch the panel', () => {
  assert.equal(widestIn(1024), 384)
  assert.equal(widestIn(800), narrowest)
  assert.equal(widestIn(3840), 720)
})
