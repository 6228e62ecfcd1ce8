import "./styles/theme.css"
import "./styles/base.css"
import "./styles/shell.css"
import "./styles/parts.css"
import "./styles/form.css"
import "./styles/table.css"
import "./styles/dialog.css"
import "./styles/charts.css"
import "./styles/now.css"
import "./styles/market.css"
import "./styles/clouds.css"
import { render } from "preact"
import { App } from "./app.tsx"
import { showTheme } from "./data/theme.ts"
import { takeToken } from "./data/token.ts"

takeToken()
showTheme()
const root = document.getElementById("root")
if (root) render(<App />, root)
