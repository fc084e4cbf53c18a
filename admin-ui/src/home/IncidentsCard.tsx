import { Button } from '@mui/material'
import { Link } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { Panel } from '../common/Panel.tsx'
import { Tag } from '../common/Tag.tsx'

export const IncidentsCard = () => {
  // The card tells how many there are; the one row that comes with the number is the least that can be asked for.
  const { data } = useCall(['incidents', 'count'], 'listIncidents', { query: { state: 'OPEN', limit: 1 } })
  return (
    <Panel
      title="异常"
      actions={
        <Button component={Link} to="/incidents">
          查看
        </Button>
      }
    >
      {!data ? '正在读取…' : data.total === 0 ? <Tag tone="good">没有未处理的异常</Tag> : <Tag tone="bad">{data.total} 项未处理</Tag>}
    </Panel>
  )
}
