import { useId } from 'react'
import { Bar, BarChart, CartesianGrid, Rectangle, Tooltip, XAxis, YAxis, type BarShapeProps } from 'recharts'
import { axisStyle, bucketTicks, chartRows, valueTicks } from './axes.ts'
import { valueKinds } from './chart-data.ts'
import { ChartTooltip } from './chart-tooltip.tsx'
import type { DrawnChartProps } from './chart.tsx'

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
        dataKey="bucket"
        ticks={bucketTicks(data.buckets.length, width)}
        interval={0}
        tickFormatter={(bucket: number) => data.buckets[bucket]?.label ?? ''}
        {...axisStyle}
      />
      <YAxis width={56} ticks={ticks} domain={[0, ticks.at(-1) ?? 0]} tickFormatter={format} {...axisStyle} />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: 'var(--hover)', opacity: 0.6 }}
        content={({ active, label }) =>
          active === true ? <ChartTooltip {...{ data, kind }} bucket={Number(label)} hasTotal /> : null
        }
      />
      {data.series.map(({ colour, title }, index) => (
        <Bar
          key={title}
          dataKey={`s${index}`}
          name={title}
          stackId="all"
          isAnimationActive={false}
          shape={(bar: BarShapeProps) => (
            <StackPiece
              bar={bar}
              fill={data.buckets[bar.index]?.isIncomplete === true ? `url(#${id}-${index})` : colour}
              isTop={data.series.slice(index + 1).every(({ values }) => (values[bar.index] ?? 0) === 0)}
            />
          )}
        />
      ))}
    </BarChart>
  )
}

interface StackPieceProps {
  bar: BarShapeProps
  fill: string
  isTop: boolean
}

/** A hairline of background between the pieces tells them apart also without colour. */
function StackPiece({ bar, fill, isTop }: StackPieceProps) {
  const { x, y, width, height } = bar
  if (typeof height !== 'number' || height <= 0) return <g />
  const gap = !isTop && height > 3 ? 1 : 0
  return (
    <Rectangle {...{ x, width, fill }} y={Number(y) + gap} height={height - gap} radius={isTop ? [3, 3, 0, 0] : 0} />
  )
}
