import { defaultDarkTheme, defaultLightTheme, type RaThemeOptions } from 'react-admin'
import { markLeaving, unmarkLeaving } from './common/keys.ts'

/** Chinese system faces first: officers' machines have them, and nothing is fetched. Figures of one width, so that columns of money line up. */
const typography = {
  fontFamily: [
    '"PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI", "Microsoft YaHei"',
    '"Source Han Sans SC", "Noto Sans SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei", system-ui, sans-serif',
  ].join(', '),
  fontSize: 13,
  h1: { fontSize: '1.25rem', fontWeight: 600, lineHeight: 1.4 },
  h2: { fontSize: '1.0625rem', fontWeight: 600, lineHeight: 1.4 },
  h3: { fontSize: '0.9375rem', fontWeight: 600, lineHeight: 1.5 },
  h4: { fontSize: '0.875rem', fontWeight: 600 },
  h5: { fontSize: '0.875rem', fontWeight: 600 },
  h6: { fontSize: '0.875rem', fontWeight: 600 },
  body1: { fontSize: '0.8125rem', lineHeight: 1.5 },
  button: { textTransform: 'none' as const, fontWeight: 500 },
  overline: { textTransform: 'none' as const, letterSpacing: 0, lineHeight: 1.6 },
}

const SMALL = { fontSize: '0.8125rem' }

const BAR = '#14305a'

type Mode = 'light' | 'dark'

/** The colours that are not in MUI's own palette: read through `theme.palette.background` and the like wherever possible. */
const PALETTES = {
  light: {
    mode: 'light' as const,
    primary: { main: '#1b4b8f', dark: '#14305a', light: '#e8eef8', contrastText: '#ffffff' },
    secondary: { main: '#1b4b8f', contrastText: '#ffffff' },
    error: { main: '#b3261e' },
    warning: { main: '#9a5200' },
    success: { main: '#1c6b3c' },
    info: { main: '#27608f' },
    background: { default: '#f3f5f8', paper: '#ffffff' },
    text: { primary: '#1a2332', secondary: '#56617a' },
    divider: '#dfe4ec',
  },
  dark: {
    mode: 'dark' as const,
    primary: { main: '#8fb6f0', dark: '#6f9de0', light: '#1f3352', contrastText: '#0c1728' },
    secondary: { main: '#8fb6f0', contrastText: '#0c1728' },
    error: { main: '#ff9c93' },
    warning: { main: '#f2b76b' },
    success: { main: '#7fcf9b' },
    info: { main: '#8cc4ee' },
    background: { default: '#10161f', paper: '#182130' },
    text: { primary: '#e7ecf4', secondary: '#a5b1c6' },
    divider: '#2c384b',
  },
}

type Components = NonNullable<RaThemeOptions['components']>
type Palette = (typeof PALETTES)[Mode]

const themeOf = (mode: Mode): RaThemeOptions => {
  const palette = PALETTES[mode]
  const base = mode === 'light' ? defaultLightTheme : defaultDarkTheme
  return {
    ...base,
    palette,
    typography,
    shape: { borderRadius: 6 },
    // Who has told the system that things should not move sees none move here either.
    motion: { reducedMotion: 'system' },
    components: { ...base.components, ...surfaces(palette), ...fields(palette), ...tables(palette), ...dialogs },
  }
}

/** Hairlines instead of shadows; one dark bar at the top. */
const surfaces = (palette: Palette): Components => {
  const line = `1px solid ${palette.divider}`
  return {
    MuiCssBaseline: {
      styleOverrides: {
        body: { fontVariantNumeric: 'tabular-nums', fontSize: '0.8125rem' },
        a: { color: palette.primary.main },
        // Browsers give these a face of their own: figures in a button would be of another width than those beside it.
        'button, input, select, textarea': { fontFamily: 'inherit' },
        ':focus-visible': { outline: `2px solid ${palette.primary.main}`, outlineOffset: 2 },
        '@media print': { '.no-print': { display: 'none !important' }, body: { background: '#fff' } },
      },
    },
    MuiPaper: {
      defaultProps: { elevation: 0 },
      styleOverrides: { root: { backgroundImage: 'none' }, elevation0: { border: line }, elevation1: { border: line, boxShadow: 'none' } },
    },
    MuiAppBar: {
      defaultProps: { elevation: 0, color: 'default' },
      styleOverrides: { root: { backgroundColor: BAR, color: '#ffffff', border: 'none', borderRadius: 0 } },
    },
  }
}

const fields = (palette: Palette): Components => ({
  MuiButton: {
    defaultProps: { disableElevation: true, size: 'small' },
    styleOverrides: { root: { borderRadius: 5, minWidth: 0, paddingInline: 12 }, outlined: { borderColor: palette.divider } },
  },
  MuiTextField: { defaultProps: { size: 'small', variant: 'outlined' } },
  MuiFormControl: { defaultProps: { size: 'small', variant: 'outlined' } },
  MuiSelect: { defaultProps: { size: 'small' } },
  MuiInputBase: { styleOverrides: { root: SMALL } },
  MuiInputLabel: { styleOverrides: { root: SMALL } },
  MuiFormLabel: { styleOverrides: { root: SMALL } },
  MuiMenuItem: { styleOverrides: { root: SMALL } },
  // Read aloud by who listens: MUI's own words are English.
  MuiAutocomplete: { defaultProps: { openText: '展开', closeText: '收起', clearText: '清除' }, styleOverrides: { option: SMALL } },
  MuiOutlinedInput: { styleOverrides: { notchedOutline: { borderColor: palette.mode === 'light' ? '#c3cbd8' : '#41506a' } } },
})

const tables = (palette: Palette): Components => ({
  MuiTableCell: {
    styleOverrides: {
      root: { ...SMALL, borderColor: palette.divider },
      sizeSmall: { padding: '6px 10px' },
      head: {
        fontWeight: 600,
        color: palette.text.secondary,
        backgroundColor: palette.mode === 'light' ? '#f7f9fc' : '#1d2839',
        whiteSpace: 'nowrap',
      },
    },
  },
  MuiTab: { styleOverrides: { root: { minHeight: 42, padding: '8px 14px', fontSize: '0.875rem' } } },
  MuiTabs: { styleOverrides: { root: { minHeight: 42 } } },
  MuiChip: { styleOverrides: { root: { borderRadius: 4, fontSize: '0.75rem' }, sizeSmall: { height: 21 } } },
})

const dialogs: Components = {
  MuiDialog: { defaultProps: { slotProps: { transition: { onEnter: unmarkLeaving, onExit: markLeaving } } } },
  MuiTooltip: { styleOverrides: { tooltip: { fontSize: '0.75rem', lineHeight: 1.6, maxWidth: 420 } } },
  MuiDialogTitle: { styleOverrides: { root: { fontSize: '1rem', fontWeight: 600, padding: '14px 20px' } } },
  MuiDialogContent: { styleOverrides: { root: { padding: '8px 20px 12px' } } },
  MuiDialogActions: { styleOverrides: { root: { padding: '10px 20px 16px' } } },
  MuiAlert: { styleOverrides: { root: { border: 'none', ...SMALL, paddingBlock: 4 } } },
}

export const lightTheme = themeOf('light')
export const darkTheme = themeOf('dark')
