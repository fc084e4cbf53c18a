import { createContext, use } from 'react'

/** Opens the two dialogs that belong to every page. */
export const PaletteContext = createContext<{ openPalette: () => void; openHelp: () => void }>({
  openPalette: () => undefined,
  openHelp: () => undefined,
})
export const usePalette = (): { openPalette: () => void; openHelp: () => void } => use(PaletteContext)
