import type { ComponentChildren } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"

/** The width of an element in pixels, as it changes. */
export const useWidth = () => {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    look.observe(element)
    return () => look.disconnect()
  }, [])
  return { box, width }
}

const hourText = new Intl.DateTimeFormat("en-US", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const dayText = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" })

/** A moment below a chart: of a day its hours, of more its days. */
export const tickText = (at: number, span: number): string => (span <= 36 * 3_600_000 ? hourText : dayText).format(at)

/** Milliseconds that the time zone of the reader is ahead of UTC at a moment. */
export const zoneOffset = (at: number): number => -new Date(at).getTimezoneOffset() * 60_000

/** The numbers of a chart, for those who want to read them. */
export const Numbers = ({ children }: { readonly children: ComponentChildren }) => {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show as a table</summary>
      {open && children}
    </details>
  )
}
