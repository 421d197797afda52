import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode, RefObject } from 'react'
import { classNames } from './class-names.ts'
import { cutMiddle } from './cut-middle.ts'
import styles from './middle-text.module.css'

export interface MiddleTextProps {
  readonly text: string
  readonly className?: string | undefined
  /** Shown too where the text has no room. */
  readonly whenCut?: ReactNode
}

/** A text in its own direction that loses its middle where there is no room for it, and never reaches beyond its place. */
export function MiddleText({ text, className, whenCut }: MiddleTextProps) {
  const place = useRef<HTMLSpanElement>(null)
  const { width, font } = useRoom(place)
  const cut = useMemo(() => cutMiddle(text, width, (part) => widthOf(part, font)), [text, width, font])
  return (
    <span ref={place} className={classNames(styles['place'], className)}>
      <span dir="auto" title={text} className={styles['text']}>
        {cut.head}
        {cut.middle !== '' && (
          <>
            <span className={styles['dots']} />
            <span className={styles['middle']}>{cut.middle}</span>
            {cut.tail}
          </>
        )}
      </span>
      {cut.middle !== '' && whenCut}
    </span>
  )
}

interface Room {
  readonly width: number
  readonly font: string
}

/** What the next one starts with: the rows of a list have the same room. */
let latest: Room = { width: Infinity, font: '' }

function useRoom(place: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState(latest)
  useLayoutEffect(() => {
    const { current } = place
    if (current === null) return undefined
    const measure = (): void => {
      const { width } = current.getBoundingClientRect()
      // `font` itself is empty where a part of it has no place in the shorthand.
      const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(current)
      const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`
      if (width !== latest.width || font !== latest.font) latest = { width, font }
      const found = latest
      setRoom((before) => (before.width === found.width && before.font === found.font ? before : found))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [place])
  return room
}

let canvas: CanvasRenderingContext2D | null | undefined

function widthOf(text: string, font: string): number {
  canvas ??= document.createElement('canvas').getContext('2d')
  if (canvas === null || font === '') return 0
  if (canvas.font !== font) canvas.font = font
  return canvas.measureText(text).width
}
