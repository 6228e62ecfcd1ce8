import { useState } from "preact/hooks"
import { keepToken } from "./data/token.ts"

/** Asks for the token, where the address had none or another one. */
export const Login = ({ onToken }: { readonly onToken: () => void }) => {
  const [token, setToken] = useState("")
  const send = (event: Event) => {
    event.preventDefault()
    keepToken(token)
    onToken()
  }
  return (
    <main class="login">
      <h1>anygpu</h1>
      <p>
        This page needs the token that <code>anygpu dashboard</code> has printed with its address. Open that address, or
        paste the token here. It stays in this tab.
      </p>
      <form onSubmit={send}>
        <div class="field">
          <label for="token">Token</label>
          <input
            id="token"
            type="password"
            autocomplete="off"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
            required
          />
        </div>
        <button type="submit" class="main">
          Log in
        </button>
      </form>
    </main>
  )
}
