import { Box, ButtonBase, Typography } from '@mui/material'
import { alpha } from '@mui/material/styles'
import { Link, useLocation } from 'react-router'
import { useCounts } from '../api/use-call.ts'
import { useMe } from '../api/session.ts'
import { pagesFor, type PageLink } from './pages.ts'

export const SideMenu = () => {
  const me = useMe()
  const { data: counts } = useCounts()
  return (
    <Box sx={{ py: 1 }}>
      {pagesFor(me).map(({ title, pages }) => (
        <Box key={title} sx={{ mb: 1 }}>
          <Typography component="h2" sx={{ px: 2, pt: 0.75, pb: 0.25, fontSize: '0.75rem', fontWeight: 400, color: 'text.secondary' }}>
            {title}
          </Typography>
          {pages.map((page) => (
            <MenuLink key={page.label} page={page} count={counts && page.count ? page.count(counts) : 0} />
          ))}
        </Box>
      ))}
    </Box>
  )
}

const MenuLink = ({ page, count }: { page: PageLink; count: number }) => {
  const { pathname, search } = useLocation()
  const [path, query = ''] = page.to.split('?')
  const here = pathname === path && kindIn(search) === kindIn(query)
  return (
    <ButtonBase
      component={Link}
      to={count > 0 ? (page.counted ?? page.to) : page.to}
      aria-current={here ? 'page' : undefined}
      sx={(theme) => ({
        display: 'flex',
        width: '100%',
        justifyContent: 'space-between',
        pl: 2.5,
        pr: 1.5,
        minHeight: 34,
        fontSize: '0.8125rem',
        color: here ? theme.palette.primary.main : theme.palette.text.primary,
        fontWeight: here ? 600 : 400,
        boxShadow: here ? `inset 3px 0 0 ${theme.palette.primary.main}` : 'none',
        backgroundColor: here ? alpha(theme.palette.primary.main, 0.08) : 'transparent',
        '&:hover': { backgroundColor: alpha(theme.palette.primary.main, 0.06) },
        '&:focus-visible': { outlineOffset: -2 },
      })}
    >
      <span>{page.label}</span>
      {count > 0 && (
        <Box
          component="span"
          aria-label={`${count}件`}
          sx={(theme) => ({
            minWidth: 20,
            px: 0.625,
            borderRadius: 10,
            fontSize: '0.75rem',
            lineHeight: '18px',
            textAlign: 'center',
            ...(page.urgent
              ? { bgcolor: theme.palette.primary.main, color: theme.palette.primary.contrastText }
              : { bgcolor: alpha(theme.palette.text.secondary, 0.14), color: theme.palette.text.primary }),
          })}
        >
          {count}
        </Box>
      )}
    </ButtonBase>
  )
}

/** A list narrowed to one kind is that kind's entry, whatever else is filtered. */
const kindIn = (search: string): string | undefined => /"kind":"([a-z-]+)"/.exec(decodeURIComponent(search))?.[1]
