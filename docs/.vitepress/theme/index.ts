// Without the font of the default theme: every system has one.
import DefaultTheme from "vitepress/theme-without-fonts"
import "./style.css"

export default DefaultTheme
