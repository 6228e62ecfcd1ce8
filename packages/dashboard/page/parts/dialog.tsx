import type { ComponentChildren } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"

/** A dialog that keeps the focus, and gives it back when it closes. */
export interface DialogProps {
  readonly title: string
  readonly subtitle?: ComponentChildren
  /** At the side of the page, over its whole height. */
  readonly sheet?: boolean
  readonly onClose: () => void
  readonly footer?: ComponentChildren
  readonly children: ComponentChildren
}

/** Opens over the page while it is drawn. Escape and its button close it. */
export const Dialog = ({ title, subtitle, sheet = false, onClose, footer, children }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} class={sheet ? "sheet" : undefined} aria-labelledby={id} onClose={onClose}>
      <div>
        <header>
          <div>
            <h2 id={id}>{title}</h2>
            {subtitle && <div class="soft small">{subtitle}</div>}
          </div>
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
        <section class="content" tabIndex={0} aria-label="Content">
          {children}
        </section>
        {footer && <footer>{footer}</footer>}
      </div>
    </dialog>
  )
}
