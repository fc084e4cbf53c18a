import { POSTS } from '#contracts/posts.ts'
import { Box, Button, ButtonBase, Divider, Popover } from '@mui/material'
import { useState } from 'react'
import { useLogout } from 'react-admin'
import type { Me } from '../api/session.ts'
import { Tag } from '../common/Tag.tsx'
import { PasswordDialog } from '../login/PasswordDialog.tsx'

const postText = ({ post, delegatedBy }: Me['posts'][number]): string => (delegatedBy ? `${POSTS[post]}（代${delegatedBy}）` : POSTS[post])

/** Who I am here, with which posts, where: what four-eyes reasons will speak of. */
export const UserBox = ({ me }: { me: Me }) => {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [changing, setChanging] = useState(false)
  const logout = useLogout()
  const changePassword = (): void => {
    setAnchor(null)
    setChanging(true)
  }
  return (
    <>
      <ButtonBase
        aria-haspopup="dialog"
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
        sx={{ textAlign: 'right', borderRadius: 1, px: 1, py: 0.25, lineHeight: 1.35, '&:hover': { bgcolor: 'rgba(255,255,255,0.1)' } }}
      >
        <span>
          <Box component="span" sx={{ display: 'block', fontSize: '0.8125rem' }}>
            {me.name}
          </Box>
          <Box component="span" sx={{ display: 'block', fontSize: '0.6875rem', color: '#d7e1f0' }}>
            {me.orgName} · {me.posts.map(postText).join('、') || '无岗位'}
          </Box>
        </span>
      </ButtonBase>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        <Box sx={{ p: 2, width: 300 }}>
          <Box sx={{ fontWeight: 600 }}>{me.name}</Box>
          <Box sx={{ color: 'text.secondary', mb: 1 }}>
            工号 {me.staffNumber} · {me.orgName}
          </Box>
          {me.posts.map(({ post, orgName, delegatedBy, onBehalfOf }) => (
            <Box key={`${post} ${orgName} ${onBehalfOf ?? ''}`} sx={{ display: 'flex', gap: 1, py: 0.375, alignItems: 'center' }}>
              <span>{POSTS[post]}</span>
              <Box component="span" sx={{ color: 'text.secondary', flexGrow: 1 }}>
                {orgName}
              </Box>
              {delegatedBy && <Tag tone="info">代理 {delegatedBy}</Tag>}
            </Box>
          ))}
          <Divider sx={{ my: 1.25 }} />
          <Button fullWidth sx={{ mb: 1 }} onClick={changePassword}>
            修改密码
          </Button>
          <Button fullWidth variant="outlined" onClick={() => void logout()}>
            退出登录
          </Button>
        </Box>
      </Popover>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  )
}
