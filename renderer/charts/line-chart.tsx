import { CartesianGrid, Line, LineChart as Lines, Tooltip, XAxis, YAxis } from 'recharts'
import { axisStyle, bucketTicks, chartRows, valueTicks } from './axes.ts'
import { valueKinds, type ChartSeries } from './chart-data.ts'
import { ChartTooltip } from './chart-tooltip.tsx'
import type { DrawnChartProps } from './chart.tsx'

/** One line per series, broken where nothing is known; its name stands at its end. */
export function LineChart({ data, kind, width, height, label, description }: DrawnChartProps) {
  const ticks = valueTicks(data, kind, false)
  return (
    <Lines
      width={width}
      height={height}
      data={chartRows(data)}
      margin={{ top: 8, right: 40, bottom: 0, left: 0 }}
      title={label}
      desc={description}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="bucket"
        ticks={bucketTicks(data.buckets.length, width)}
        interval={0}
        padding={{ left: 12, right: 12 }}
        tickFormatter={(bucket: number) => data.buckets[bucket]?.label ?? ''}
        {...axisStyle}
      />
      <YAxis
        width={56}
        ticks={ticks}
        domain={[0, ticks.at(-1) ?? 0]}
        tickFormatter={valueKinds[kind].format}
        {...axisStyle}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={({ active, label }) =>
          active === true ? <ChartTooltip {...{ data, kind }} bucket={Number(label)} hasTotal={false} /> : null
        }
      />
      {data.series.map((series, index) => (
        <Line
          key={series.title}
          dataKey={`s${index}`}
          name={series.title}
          type="linear"
          stroke={series.colour}
          strokeWidth={1.75}
          dot={(dot: DotProps) => <LonelyDot key={dot.index} dot={dot} series={series} />}
          activeDot={{ r: 3, strokeWidth: 0 }}
          isAnimationActive={false}
          connectNulls={false}
          label={(point: DotProps) => <EndLabel key={point.index} point={point} series={series} />}
        />
      ))}
    </Lines>
  )
}

interface DotProps {
  x?: number | string | undefined
  y?: number | string | undefined
  cx?: number | undefined
  cy?: number | undefined
  index?: number | undefined
}

/** A point without neighbours has no line: only a dot shows that it is there. */
function LonelyDot({ dot: { cx, cy, index = 0 }, series }: { dot: DotProps; series: ChartSeries }) {
  const { values } = series
  const isLonely = (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
  if (!isLonely || (values[index] ?? null) === null) return <g />
  return <circle cx={cx} cy={cy} r={2.5} fill={series.colour} />
}

function EndLabel({ point: { x, y, index }, series }: { point: DotProps; series: ChartSeries }) {
  if (index !== series.values.findLastIndex((value) => value !== null)) return <g />
  return (
    <text x={Number(x) + 8} y={Number(y) + 4} fontSize={12} fill="var(--muted)">
      {series.title}
    </text>
  )
}
