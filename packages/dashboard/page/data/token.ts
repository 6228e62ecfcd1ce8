const name = "anygpu.token"

/**
 * Takes the token out of the address's fragment into this tab's own storage, so that neither history nor a copied address has
 * it.
 */
export const takeToken = (): void => {
  const { hash, pathname, search } = location
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token")
  if (token === null) return
  sessionStorage.setItem(name, token)
  history.replaceState(null, "", `${pathname}${search}#/now`)
}

/** Keeps a token that was typed. */
export const keepToken = (token: string): void => sessionStorage.setItem(name, token.trim())

/** The token of this tab; null where a proxy logs in. */
export const currentToken = (): string | null => sessionStorage.getItem(name)
