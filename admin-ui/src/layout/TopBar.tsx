import Brightness4Icon from '@mui/icons-material/Brightness4'
import HelpOutlineIcon from '@mui/icons-material/HelpOutlineOutlined'
import SearchIcon from '@mui/icons-material/Search'
import { AppBar, Box, ButtonBase, IconButton, Toolbar, Tooltip, Typography } from '@mui/material'
import { useTheme } from 'react-admin'
import { Link } from 'react-router'
import { useMe } from '../api/session.ts'
import { BusinessClock } from './BusinessClock.tsx'
import { usePalette } from './palette-context.ts'
import { UserBox } from './UserBox.tsx'

export const TopBar = () => {
  const me = useMe()
  const { openHelp } = usePalette()
  const [theme, setTheme] = useTheme()
  return (
    <AppBar position="fixed" component="header" className="no-print">
      <Toolbar variant="dense" disableGutters sx={{ minHeight: 52, px: 2, gap: 1.5 }}>
        <ButtonBase component={Link} to="/" sx={{ gap: 1, borderRadius: 1, pr: 1 }}>
          <img src="/mark.svg" alt="" width="26" height="26" />
          <Typography component="span" sx={{ fontSize: '1.0625rem', fontWeight: 600, letterSpacing: '0.06em' }}>
            安居
          </Typography>
          <Box component="span" sx={{ opacity: 0.85, fontSize: '0.8125rem', display: { xs: 'none', md: 'inline' } }}>
            住房公积金审批后台
          </Box>
        </ButtonBase>
        <SearchBox />
        <Box sx={{ flexGrow: 1 }} />
        {me && <BusinessClock />}
        <Tooltip title="键盘操作（?）">
          <IconButton color="inherit" size="small" aria-label="键盘操作说明" onClick={openHelp}>
            <HelpOutlineIcon fontSize="small" />
          </IconButton>
        </Tooltip>
        <Tooltip title="切换浅色或深色">
          <IconButton
            color="inherit"
            size="small"
            aria-label="切换浅色或深色"
            onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
          >
            <Brightness4Icon fontSize="small" />
          </IconButton>
        </Tooltip>
        {me && <UserBox me={me} />}
      </Toolbar>
    </AppBar>
  )
}

/** Looks like a field and opens the palette: one place to look for cases and pages alike. */
const SearchBox = () => {
  const { openPalette } = usePalette()
  return (
    <ButtonBase
      onClick={openPalette}
      sx={{
        gap: 1,
        px: 1.25,
        height: 32,
        ml: 2,
        width: 300,
        justifyContent: 'flex-start',
        borderRadius: 1,
        fontSize: '0.8125rem',
        color: '#d7e1f0',
        bgcolor: 'rgba(255,255,255,0.10)',
        '&:hover': { bgcolor: 'rgba(255,255,255,0.16)' },
      }}
    >
      <SearchIcon sx={{ fontSize: 18 }} />
      案号、姓名、证件号后四位
      <Box
        component="kbd"
        sx={{
          ml: 'auto',
          fontFamily: 'inherit',
          fontSize: '0.6875rem',
          border: '1px solid rgba(255,255,255,0.35)',
          borderRadius: '3px',
          px: 0.5,
        }}
      >
        Ctrl K
      </Box>
    </ButtonBase>
  )
}
