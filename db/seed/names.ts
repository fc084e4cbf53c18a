import type { Random } from './random.ts'

const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
)
const LAST = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲建国春梅雪琴海燕鹏飞宇轩子涵欣怡浩然思雨佳慧晨曦志远文博嘉琪雅婷俊哲诗瑶泽铭若溪景行知夏书言安禾清越',
)
const MIDDLE = Array.from('小晓文志建国海春秋雨思子宇浩嘉俊雅美玉宝德永成立光明云天振家书景若安清')

/** A person's name, two or three characters. */
export function personNameOf(random: Random): string {
  const given = random.chance(30) ? random.pick(LAST) : random.pick(MIDDLE) + random.pick(LAST)
  return random.pick(SURNAMES) + given
}

/** The child of a person bears their surname. */
export const childNameOf = (parent: string, random: Random): string => (Array.from(parent)[0] ?? '') + random.pick(LAST) + random.pick(LAST)

const UNIT_WORDS = Array.from('禾泽槐砚澜松栖苇泰恒启盛瑞丰源华信达远诚嘉博宏晟润和安元通汇新')
const UNIT_TRADES = [
  '机械制造',
  '建材',
  '纺织',
  '食品',
  '医药',
  '电子',
  '物流',
  '商贸',
  '农业科技',
  '环保工程',
  '印务',
  '能源',
  '信息技术',
  '教育咨询',
  '餐饮管理',
  '装饰工程',
]
const PUBLIC_UNITS = [
  '实验小学',
  '第一中学',
  '第二中学',
  '人民医院',
  '疾病预防控制中心',
  '财政局',
  '自然资源局',
  '交通运输局',
  '图书馆',
  '职业技术学校',
  '水务局',
  '广播电视台',
]

/** A unit of a district: a company mostly, a school, hospital or office one time in four. */
export function unitNameOf(district: string, sequence: number, random: Random): string {
  if (sequence % 4 === 0)
    return `${district}${PUBLIC_UNITS[Math.floor(sequence / 4) % PUBLIC_UNITS.length] ?? ''}${sequence >= 4 * PUBLIC_UNITS.length ? `（${sequence}）` : ''}`
  return `${district}${random.pick(UNIT_WORDS)}${random.pick(UNIT_WORDS)}${random.pick(UNIT_TRADES)}有限公司`
}

const ESTATES = ['望禾家园', '清槐里', '砚湖春晓', '澜桥雅苑', '松溯华府', '栖禾新城', '苇泽名居', '安和花园', '云汀壹号', '知行小区']
const STREETS = ['安禾大道', '清溯路', '槐荫街', '砚湖东路', '澜桥北街', '松风路', '栖云巷', '苇泽大道']

export interface Premises {
  readonly address: string
  readonly estate: string
}

/** A home in a district. */
export function premisesOf(district: string, random: Random): Premises {
  const estate = random.pick(ESTATES)
  const plot = `${district}${random.pick(STREETS)}${random.int(1, 299)}号${estate}`
  const flat = `${random.int(1, 28)}号楼${random.int(1, 3)}单元${random.int(2, 26)}0${random.int(1, 4)}室`
  return { address: plot + flat, estate }
}
