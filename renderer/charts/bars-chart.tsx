import { useId } from 'react'
import { Bar, BarChart, CartesianGrid, Rectangle, Tooltip, XAxis, YAxis, type BarShapeProps } from 'recharts'
import { axisStyle, axisValue, bucketTicks, chartRows, valueDomain, valueTicks } from './axes.ts'
import { valueKinds, type ChartData } from './chart-data.ts'
import { tooltipContent } from './chart-tooltip.tsx'
import type { DrawnChartProps } from './drawn-charts.ts'

/** Bars per bucket, stacked by series; what is not over yet is hatched. */
export function BarsChart({ data, kind, width, height, label, description }: DrawnChartProps) {
  const id = useId()
  const ticks = valueTicks(data, kind, true)
  const { format } = valueKinds[kind]
  return (
    <BarChart
      width={width}
      height={height}
      data={chartRows(data)}
      margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
      barCategoryGap={data.buckets.length > 20 ? '18%' : '30%'}
      maxBarSize={40}
      title={label}
      desc={description}
    >
      <defs>
        {data.series.map(({ colour, title }, index) => (
          <pattern
            key={title}
            id={`${id}-${index}`}
            width="5"
            height="5"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="5" height="5" fill={colour} opacity="0.3" />
            <rect width="2.5" height="5" fill={colour} />
          </pattern>
        ))}
      </defs>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        height={24}
        dataKey="bucket"
        ticks={bucketTicks(data.buckets.length, width)}
        interval={0}
        tickFormatter={(bucket: number) => data.buckets[bucket]?.label ?? ''}
        {...axisStyle}
      />
      <YAxis width={56} ticks={ticks} domain={valueDomain(ticks)} tickFormatter={axisValue(format)} {...axisStyle} />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: 'var(--hover)', opacity: 0.6 }}
        content={tooltipContent({ data, kind, hasTotal: true })}
      />
      {data.series.map(({ title }, index) => (
        <Bar
          key={title}
          dataKey={`s${index}`}
          name={title}
          stackId="all"
          isAnimationActive={false}
          shape={pieceShape(data, index, `${id}-${index}`)}
        />
      ))}
    </BarChart>
  )
}

function pieceShape(data: ChartData, series: number, hatching: string) {
  const colour = data.series[series]?.colour
  return (bar: BarShapeProps) => (
    <StackPiece
      bar={bar}
      fill={data.buckets[bar.index]?.isIncomplete === true ? `url(#${hatching})` : colour}
      isTop={data.series.slice(series + 1).every(({ values }) => (values[bar.index] ?? 0) === 0)}
    />
  )
}

interface StackPieceProps {
  bar: BarShapeProps
  fill: string | undefined
  isTop: boolean
}

/** A hairline of background between the pieces tells them apart also without colour. */
function StackPiece({ bar, fill, isTop }: StackPieceProps) {
  const { x, y, width, height } = bar
  if (height <= 0) return <g />
  const gap = !isTop && height > 3 ? 1 : 0
  return (
    <Rectangle
      {...{ x, width }}
      {...(fill && { fill })}
      y={y + gap}
      height={height - gap}
      radius={isTop ? [3, 3, 0, 0] : 0}
    />
  )
}
